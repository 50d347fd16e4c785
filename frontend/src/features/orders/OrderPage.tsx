import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useDomain } from '../../shared/i18n/domain'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Stepper } from '../../shared/ui/Progress'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Money, Time } from '../../shared/ui/Text'
import { DueOn } from './DueOn'
import { type Order, orderQuery } from './queries'
import { useOrders } from './words'

const PriceSum = lazy(() => import('./PriceSum').then((module) => ({ default: module.PriceSum })))
const PriceLines = lazy(() => import('./PriceView').then((module) => ({ default: module.PriceLines })))
const Decisions = lazy(() => import('./Decisions'))
const Usage = lazy(() => import('./Usage'))
const Tasks = lazy(() => import('./Tasks').then((module) => ({ default: module.Tasks })))

export function OrderPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

const steps = ['submitted', 'accepted', 'provisioning', 'delivered', 'active'] as const

function Detail() {
  const t = useOrders()
  const { id } = useParams({ strict: false }) as { id: string }
  const order = useSuspenseQuery(orderQuery(id)).data
  return (
    <>
      <PageHeader
        title={order.account_name}
        documentTitle={`${t.title} ${order.number}`}
        sub={`${order.solution_name} · ${order.number}`}
        crumbs={[{ label: t.title, to: '/orders' }]}
        tags={<State of="order" value={order.state} />}
      />
      <Progress order={order} />
      <Columns aside={<Aside order={order} />}>
        <Section title={t.quote.lines}>
          <Part>
            <PriceLines price={order.price} />
          </Part>
        </Section>
        {order.parts.length > 0 && (
          <Section title={t.parts.title}>
            <Card>
              <ul className="flex flex-col gap-2">
                {order.parts.map((part) => (
                  <li key={part.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                    <Link to={`/orders/${part.id}` as string} className="text-accent-text hover:underline">
                      {part.number}
                    </Link>
                    <Money fen={part.total_fen} />
                    <State of="order" value={part.state} />
                  </li>
                ))}
              </ul>
            </Card>
          </Section>
        )}
        {order.delivery && (
          <Suspense>
            <Tasks delivery={order.delivery} title={t.parts.plan} />
          </Suspense>
        )}
        {order.service && (
          <Suspense>
            <Usage order={id} />
          </Suspense>
        )}
        {order.acceptance && (
          <Section title={t.acceptance.recorded}>
            <p className="whitespace-pre-line text-ink-2">{order.acceptance}</p>
          </Section>
        )}
        {order.files.length > 0 && (
          <Section title={t.files}>
            <ul className="flex flex-col gap-3">
              {order.files.map((file) => (
                <li key={file.id}>
                  <FileLine file={file} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </Columns>
      <Suspense>
        <Decisions order={order} />
      </Suspense>
    </>
  )
}

function Progress({ order }: { order: Order }) {
  const t = useOrders()
  const at = steps.indexOf(order.state as (typeof steps)[number])
  const over = order.state === 'active' || order.state === 'ended' || order.state === 'suspended'
  const [title, why] = t.next[order.state] ?? ['', '']
  return (
    <Section title={t.progress}>
      {order.state !== 'cancelled' && (
        <Stepper
          label={t.progress}
          steps={steps.map((step, index) => ({
            id: step,
            label: t.steps[step],
            state: over || index < at ? 'done' : index === at ? 'current' : 'todo',
          }))}
        />
      )}
      {title && (
        <div className="mt-5">
          <Banner
            tone={order.overdue ? 'cinnabar' : order.state === 'active' ? 'jade' : 'accent'}
            icon={<Clock size={18} aria-hidden />}
            title={title}
            action={order.due_on && !over && <DueOn day={order.due_on} overdue={order.overdue} />}
          >
            {why}
          </Banner>
        </div>
      )}
      {order.missing.length > 0 && (
        <div className="mt-3">
          <Banner tone="amber" icon={<Clock size={18} aria-hidden />} title={t.parts.missing(order.missing.join('、'))}>
            {order.delivery?.note ? `${t.parts.missingWhy} ${order.delivery.note}` : t.parts.missingWhy}
          </Banner>
        </div>
      )}
    </Section>
  )
}

function Aside({ order }: { order: Order }) {
  const t = useOrders()
  const d = useDomain()
  const { delivery, service } = order
  return (
    <>
      <Section title={t.compose.price}>
        <Card>
          <Suspense>
            <PriceSum price={order.price} />
          </Suspense>
        </Card>
      </Section>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.columns.seller, value: order.seller_name },
              { label: t.columns.supplier, value: order.supplier_name },
              !!order.account_id && {
                label: t.columns.account,
                value: (
                  <Link to={`/accounts/${order.account_id}` as string} className="text-accent-text hover:underline">
                    {order.account_name}
                  </Link>
                ),
              },
            ]}
          />
        </Card>
      </Section>
      {delivery && (
        <Section title={t.delivery}>
          <Card>
            <Facts
              items={[
                { label: t.columns.state, value: <State of="delivery" value={delivery.state} /> },
                { label: t.deliveries.due, value: <DueOn day={delivery.due_on} overdue={delivery.overdue} /> },
              ]}
            />
            {delivery.note && <p className="mt-3 border-line border-t pt-3 text-ink-2 text-small">{delivery.note}</p>}
          </Card>
        </Section>
      )}
      {service && (
        <Section title={t.service}>
          <Card>
            <Facts
              items={[
                { label: t.serviceNumber, value: service.number },
                { label: t.columns.state, value: <State of="service" value={service.state} /> },
                { label: t.activeAt, value: <Time value={service.active_at} as="date" /> },
                !!service.ended_at && { label: t.endedAt, value: <Time value={service.ended_at} as="date" /> },
                { label: t.monthlyFee, value: <Money fen={service.monthly_fen} /> },
                service.state !== 'ended' && { label: t.endsOn, value: <Time value={service.ends_on} as="date" /> },
                !!service.support_until && { label: t.supportUntil, value: <Time value={service.support_until} as="date" /> },
                !!service.successor && { label: t.successor, value: service.successor },
              ]}
            />
          </Card>
        </Section>
      )}
      <Section title={d.history}>
        <EventTimeline events={order.events} of="order" />
      </Section>
    </>
  )
}
