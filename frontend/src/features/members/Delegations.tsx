import { useSuspenseQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useMe } from '../../shared/api/session'
import { useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type Delegation, delegationsQuery, endDelegation } from './queries'
import { useMembers } from './words'

const DelegateDialog = lazy(() => import('./DelegateDialog'))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))
const tones = { active: 'jade', planned: 'accent', ended: 'neutral' } as const

/** Whose work is with whom while they are away. */
export default function Delegations() {
  const t = useMembers()
  const refusal = useRefusal()
  const { membership } = useMe()
  const rows = useSuspenseQuery(delegationsQuery).data.items
  const [open, setOpen] = useState<'new' | Delegation>()
  const end = useWrite({
    run: (one: Delegation, { headers }) => endDelegation(one.id, headers),
    touches: ['delegation', 'me'],
    onDone: () => {
      setOpen(undefined)
      toast(t.delegationEnded)
    },
    onError: (error) => toast(refusal(error), { bad: true }),
  })
  const start = !membership.on_behalf && (
    <Button variant="primary" icon={<CalendarClock size={16} aria-hidden />} onPress={() => setOpen('new')}>
      {t.delegate}
    </Button>
  )
  return (
    <Section title={t.views.delegations} sub={t.delegationsSub} aside={rows.length > 0 && start}>
      {rows.length === 0 ? (
        <EmptyState title={t.noDelegations} action={start}>
          {t.noDelegationsWhy}
        </EmptyState>
      ) : (
        <MiniTable
          label={t.views.delegations}
          head={[t.away, t.standIn, t.span, t.state, '']}
          end={[4]}
          rows={rows.map((one) => ({
            id: one.id,
            cells: [
              <span key="from">
                <span className="font-medium">{one.from_name}</span>
                {one.reason && <span className="block text-ink-3 text-small">{one.reason}</span>}
              </span>,
              one.to_name,
              <span key="span" className="whitespace-nowrap text-small">
                <Time value={one.starts_at} as="dateTime" /> – <Time value={one.ended_at ?? one.ends_at} as="dateTime" />
                <span className="block text-ink-3">{t.madeBy(one.made_by)}</span>
              </span>,
              <Tag key="state" tone={tones[one.state]}>
                {t.delegationStates[one.state]}
              </Tag>,
              one.actions.includes('end') && (
                <Button key="end" size="small" variant="quiet" onPress={() => setOpen(one)}>
                  {t.endDelegation}
                  <span className="sr-only"> {one.from_name}</span>
                </Button>
              ),
            ],
          }))}
        />
      )}
      <Suspense>
        {open === 'new' && <DelegateDialog onClose={() => setOpen(undefined)} />}
        {typeof open === 'object' && (
          <Confirm
            isOpen
            onClose={() => setOpen(undefined)}
            title={t.endDelegationTitle(open.to_name)}
            action={t.endDelegation}
            onConfirm={() => end.mutate(open)}
          >
            {t.endDelegationWhy}
          </Confirm>
        )}
      </Suspense>
    </Section>
  )
}
