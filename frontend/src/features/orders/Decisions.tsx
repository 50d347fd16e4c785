import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Actions } from '../../shared/ui/Actions'
import { DecisionBar } from '../../shared/ui/Layout'
import type { Order } from './queries'
import { useOrders } from './words'

const AcceptanceDialog = lazy(() => import('./AcceptanceDialog'))
const RenewDialog = lazy(() => import('./RenewDialog'))
const Consequences = lazy(() => import('./Consequences'))

/** What can be done with an order as it stands. */
export default function Decisions({ order }: { order: Order }) {
  const t = useOrders()
  const navigate = useNavigate()
  const { id } = order
  const [accepting, setAccepting] = useState(false)
  const [renewing, setRenewing] = useState(false)
  return (
    <>
      {order.actions.length > 0 && (
        <DecisionBar>
          <Actions
            resource="orders"
            id={id}
            allowed={order.actions}
            touches={['order', 'delivery', 'home', 'commission']}
            primary={['submit', 'accept', 'record_acceptance', 'resume_service']}
            acts={[
              { id: 'submit', label: t.acts.submit, done: t.done.submit },
              { id: 'accept', label: t.acts.accept, done: t.done.accept, ask: { title: t.ask.accept, help: t.ask.acceptWhy } },
              { id: 'record_acceptance', label: t.acts.record_acceptance, done: t.acceptance.done, run: () => setAccepting(true) },
              {
                id: 'return_delivery',
                label: t.acts.return_delivery,
                done: t.done.return_delivery,
                ask: { title: t.ask.return, help: t.ask.returnWhy, reason: 'required' },
              },
              {
                id: 'cancel',
                label: t.acts.cancel,
                done: t.done.cancel,
                isDanger: true,
                ask: {
                  title: t.ask.cancel,
                  reason: 'required',
                  help: (
                    <Suspense>
                      <Consequences order={order} of="cancel" />
                    </Suspense>
                  ),
                },
              },
              {
                id: 'change',
                label: t.acts.change,
                done: '',
                run: () => void navigate({ to: '/quotes/new' as string, search: { replaces: id } as never }),
              },
              { id: 'renew_service', label: t.acts.renew_service, done: t.renew.done, run: () => setRenewing(true) },
              {
                id: 'suspend_service',
                label: t.acts.suspend_service,
                done: t.done.suspend_service,
                ask: { title: t.ask.suspend, help: t.ask.suspendWhy, reason: 'required' },
              },
              { id: 'resume_service', label: t.acts.resume_service, done: t.done.resume_service, ask: { title: t.ask.resume } },
              {
                id: 'end_service',
                label: t.acts.end_service,
                done: t.done.end_service,
                isDanger: true,
                ask: {
                  title: t.ask.end,
                  reason: 'required',
                  help: (
                    <Suspense>
                      <Consequences order={order} of="end" />
                    </Suspense>
                  ),
                },
              },
            ]}
          />
        </DecisionBar>
      )}
      <Suspense>
        {accepting && <AcceptanceDialog order={order} onClose={() => setAccepting(false)} />}
        {renewing && <RenewDialog order={order} onClose={() => setRenewing(false)} />}
      </Suspense>
    </>
  )
}
