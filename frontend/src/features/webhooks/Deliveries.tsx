import { CircleCheck, CircleX, Clock } from 'lucide-react'
import { useWrite } from '../../shared/api/mutate'
import { usePages } from '../../shared/api/pages'
import { explain } from '../../shared/api/problem'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type Delivery, deliveriesQuery, type Filter, replay, type Webhook } from './queries'
import { useWebhooks } from './words'

const looks = {
  waiting: { tone: 'amber', icon: Clock },
  delivered: { tone: 'jade', icon: CircleCheck },
  failed: { tone: 'cinnabar', icon: CircleX },
} as const

export default function Deliveries({ hook }: { hook: Webhook }) {
  const t = useWebhooks()
  const [filter, set] = useFilters<Filter>()
  const { rows, hasMore, onMore } = usePages(deliveriesQuery(hook.id, filter))
  const again = useWrite({
    run: (delivery: string | undefined) => replay(hook.id, delivery),
    touches: ['webhook'],
    onDone: ({ count }) => toast(t.sentAgain(count)),
    onError: (error) => void toast(explain(error), { bad: true }),
  })
  const may = hook.actions.includes('replay')
  const states = ['', 'waiting', 'delivered', 'failed'] as const
  return (
    <Section
      title={t.deliveries}
      aside={
        may && (
          <Button size="small" onPress={() => again.mutateAsync(undefined)}>
            {t.againAll}
          </Button>
        )
      }
    >
      <StateTabs
        label={t.deliveries}
        className="mb-3"
        items={states.map((id) => ({ id, label: id ? t.deliveryStates[id] : t.all }))}
        value={(filter.state ?? '') as (typeof states)[number]}
        onChange={(state) => set({ state: state || undefined })}
      />
      {rows.length ? (
        <MiniTable
          label={t.deliveries}
          head={[t.topic, t.result, t.answer, t.at, '']}
          end={[4]}
          rows={rows.map((one) => ({
            id: one.id,
            cells: [
              <Message key="what" delivery={one} />,
              <span key="state" className="flex flex-col items-start gap-1">
                <Tag {...looks[one.state]}>{t.deliveryStates[one.state]}</Tag>
                {one.attempts > 1 && <span className="text-ink-3 text-meta">{t.tries(one.attempts)}</span>}
              </span>,
              <Answer key="answer" delivery={one} />,
              <Time key="at" value={one.tried_at ?? one.created_at} className="text-ink-3" />,
              may && one.state !== 'waiting' && (
                <Button key="again" size="small" onPress={() => again.mutateAsync(one.id)}>
                  {t.again}
                  <span className="sr-only"> {one.topic}</span>
                </Button>
              ),
            ],
          }))}
        />
      ) : (
        <EmptyState title={t.noDeliveries} />
      )}
      {hasMore && (
        <Button className="mt-3" onPress={onMore}>
          {t.more}
        </Button>
      )}
    </Section>
  )
}

function Message({ delivery }: { delivery: Delivery }) {
  const t = useWebhooks()
  return (
    <details>
      <summary className="focus-ring cursor-default rounded-check">
        <code>{delivery.topic}</code>
      </summary>
      <p className="mt-1 text-ink-3 text-meta">{t.body}</p>
      <pre className="max-w-[52ch] whitespace-pre-wrap break-all rounded-tag bg-sunken p-2 text-meta">{delivery.body}</pre>
      <code className="break-all text-ink-3 text-meta">webhook-id: {delivery.id}</code>
    </details>
  )
}

function Answer({ delivery }: { delivery: Delivery }) {
  const t = useWebhooks()
  if (!delivery.tried_at) return <span className="text-ink-3">-</span>
  return (
    <span className="flex flex-col">
      <span className="num">{delivery.status ? `HTTP ${delivery.status} · ${delivery.duration_ms} ms` : t.noAnswer}</span>
      {delivery.excerpt && <span className="line-clamp-3 max-w-[36ch] break-words text-ink-3 text-meta">{delivery.excerpt}</span>}
    </span>
  )
}
