import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Clock, Phone } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { Actions } from '../../shared/ui/Actions'
import { buttonClass } from '../../shared/ui/Button'
import { Card, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { DueOn } from './DueOn'
import { deliveryQuery } from './queries'
import { useOrders } from './words'

const Tasks = lazy(() => import('./Tasks').then((module) => ({ default: module.Tasks })))
const HandOverDialog = lazy(() => import('./HandOverDialog'))

export function DeliveryPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const { deliveries: t, columns } = useOrders()
  const can = useCan()
  const { id } = useParams({ strict: false }) as { id: string }
  const delivery = useSuspenseQuery(deliveryQuery(id)).data
  const [handing, setHanding] = useState(false)
  return (
    <>
      <PageHeader
        title={delivery.account_name}
        documentTitle={`${t.title} ${delivery.account_name}`}
        sub={delivery.solution_name}
        crumbs={[{ label: t.title, to: '/deliveries' }]}
        tags={
          <>
            <State of="delivery" value={delivery.state} />
            <DueOn day={delivery.due_on} overdue={delivery.overdue && !delivery.done_at} />
          </>
        }
        actions={
          delivery.contact_phone &&
          !delivery.contact_phone.includes('*') && (
            <a href={`tel:${delivery.contact_phone}`} className={buttonClass()}>
              <Phone size={16} aria-hidden />
              {t.call(delivery.contact_name ?? '')}
            </a>
          )
        }
      />
      {delivery.state === 'done' && <Banner tone="accent" icon={<Clock size={18} aria-hidden />} title={t.wait} />}
      <Suspense>
        <Tasks delivery={delivery} />
      </Suspense>
      {!delivery.tasks.length && (
        <Section title={t.contents} className="max-w-[720px]">
          <Card>
            <ul className="flex flex-col gap-1.5">
              {delivery.elements.map((element) => (
                <li key={element}>{element}</li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      <Section title={columns.account} className="max-w-[720px]">
        <Card>
          <Facts
            wide
            items={[
              { label: t.contact, value: delivery.contact_name || '-' },
              { label: t.phone, value: <span className="num">{delivery.contact_phone || '-'}</span> },
              { label: t.address, value: delivery.address || '-' },
              {
                label: t.order,
                value: can('order:read') ? (
                  <Link to={`/orders/${delivery.order_id}` as string} className="text-accent-text hover:underline">
                    {delivery.order_number}
                  </Link>
                ) : (
                  delivery.order_number
                ),
              },
              !!delivery.done_at && { label: t.doneAt, value: <Time value={delivery.done_at} /> },
            ]}
          />
          {delivery.note && <p className="mt-3 whitespace-pre-line border-line border-t pt-3 text-ink-2">{delivery.note}</p>}
        </Card>
      </Section>
      {delivery.actions.length > 0 && (
        <DecisionBar>
          <Actions
            resource="deliveries"
            id={id}
            allowed={delivery.actions}
            primary={['start', 'finish']}
            touches={['delivery', 'order', 'home']}
            acts={[
              { id: 'start', label: t.start, done: t.started },
              { id: 'finish', label: t.finish, done: t.finished, run: () => setHanding(true) },
            ]}
          />
        </DecisionBar>
      )}
      <Suspense>{handing && <HandOverDialog delivery={delivery} onClose={() => setHanding(false)} />}</Suspense>
    </>
  )
}
