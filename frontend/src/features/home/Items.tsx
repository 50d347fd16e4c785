import {
  BadgeCheck,
  Building2,
  CalendarCheck2,
  FileClock,
  FileInput,
  FileText,
  FlaskConical,
  Handshake,
  Headset,
  type LucideIcon,
  MessageCircleQuestion,
  Package,
  PhoneCall,
  ReceiptText,
  ScrollText,
  Store,
  TrendingUp,
  Truck,
} from 'lucide-react'
import { wordOf } from '../../shared/i18n/domain'
import { formatFen } from '../../shared/lib/money'
import { linkTo } from '../../shared/lib/search'
import { LinkButton } from '../../shared/ui/Button'
import { Due } from '../../shared/ui/Text'
import type { HomeItem } from './queries'
import { useHome } from './words'

const icons: [RegExp, LucideIcon][] = [
  [/^document/, FileClock],
  [/^partner/, Building2],
  [/^(version|changes)/, Package],
  [/^review/, MessageCircleQuestion],
  [/^certification_decide/, BadgeCheck],
  [/^certification/, FlaskConical],
  [/^listing/, Store],
  [/^(graduation|rollout|threshold)/, TrendingUp],
  [/^deal/, Handshake],
  [/^order/, ReceiptText],
  [/^delivery/, Truck],
  [/^ticket/, Headset],
  [/^(statement|dispute)/, FileText],
  [/^plan/, ScrollText],
  [/^period/, CalendarCheck2],
  [/^import/, FileInput],
  [/^followup/, PhoneCall],
]

/** The facts of an item in the order a person would say them. */
function second(item: HomeItem, t: ReturnType<typeof useHome>, hasSentence: boolean) {
  const params: Record<string, string> = item.params ?? {}
  const counted = (key: keyof typeof t.facts) => Number(params[key]) > 0 && t.facts[key](Number(params[key]))
  return [
    hasSentence && item.title,
    params.solution,
    params.partner,
    params.number !== item.title && params.number,
    params.what && wordOf(t.what, params.what),
    params.amount_fen && formatFen(Number(params.amount_fen), { trim: true }),
    counted('lines'),
    counted('missing'),
    counted('failed'),
    counted('findings'),
    counted('rows'),
    counted('bad'),
    counted('events'),
    counted('days'),
    params.maker,
    params.by,
    params.text,
    params.reason,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What needs the person, soonest due first; the first one's next step is the black button. */
export function Items({ items }: { items: HomeItem[] }) {
  const t = useHome()
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-card border border-line">
      {items.map((item, index) => {
        const Icon = icons.find(([test]) => test.test(item.kind))?.[1] ?? FileText
        const [sentence, verb] = t.kinds[item.params?.state === 'rejected' ? 'partner_rejected' : item.kind] ?? ['', t.open]
        return (
          <li key={`${item.kind}${item.href}${item.title}`} className="flex items-center gap-4 p-4">
            <span className="grid size-9 shrink-0 place-items-center self-start rounded-control bg-accent-soft text-accent">
              <Icon size={18} aria-hidden />
            </span>
            <div className="min-w-0 flex-1 md:flex md:items-center md:gap-4">
              <div className="min-w-0 flex-1">
                <p className="md:truncate">{item.count && !item.title ? t.folded(sentence, item.count) : sentence || item.title}</p>
                <p className="text-ink-3 text-small md:truncate phone:line-clamp-2">{second(item, t, !!sentence)}</p>
              </div>
              {item.due_at && <Due at={item.due_at} />}
            </div>
            <LinkButton {...linkTo(item.href)} variant={index === 0 ? 'primary' : 'secondary'}>
              {verb}
              <span className="sr-only"> {item.title}</span>
            </LinkButton>
          </li>
        )
      })}
    </ul>
  )
}
