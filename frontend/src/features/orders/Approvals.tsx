import { Stamp } from 'lucide-react'
import { wordOf } from '../../shared/i18n/domain'
import { formatPpm } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { Banner } from '../../shared/ui/Record'
import { Due } from '../../shared/ui/Text'
import type { Quote } from './queries'
import { useOrders } from './words'

/** Who is asked about the discount, in order, what of it is new, and what was said. */
export default function Approvals({ quote }: { quote: Quote }) {
  const { approval: t, compose: c } = useOrders()
  const state = quote.approval ?? 'pending'
  const tone = ({ pending: 'amber', approved: 'jade', returned: 'cinnabar' } as const)[state]
  return (
    <Banner
      tone={tone}
      icon={<Stamp size={18} aria-hidden />}
      title={t.title(wordOf(t.states, state), formatPpm(quote.approvals[0]?.discount_ppm ?? 0))}
      action={
        <Actions
          resource="quotes"
          id={quote.id}
          allowed={quote.actions}
          primary={['approve']}
          touches={['quote', 'home']}
          acts={[
            { id: 'approve', label: t.approve, done: t.approved, ask: { title: t.askApprove, help: t.askApproveWhy } },
            { id: 'return', label: t.return, done: t.returned, ask: { title: t.askReturn, reason: 'required' } },
          ]}
        />
      }
    >
      <ol className="flex flex-col gap-1">
        {quote.approvals.map((one) => (
          <li key={one.level}>
            {wordOf(c.levels, one.level)}: {wordOf(t.steps, one.state)}
            {one.state === 'pending' && <Due at={one.due_at} />}
            {one.decided_by_name && ` · ${one.decided_by_name}`}
            {one.decided_at && ` · ${formatTime(one.decided_at)}`}
            {one.reason && ` · ${one.reason}`}
            {one.lines.length < quote.price.lines.filter((line) => line.discount_fen > 0).length && (
              <span className="block text-ink-3">{t.only(one.lines)}</span>
            )}
          </li>
        ))}
      </ol>
    </Banner>
  )
}
