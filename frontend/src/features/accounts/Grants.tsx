import { useSuspenseQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { wordOf } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { MiniTable } from '../../shared/ui/MiniTable'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { endGrant, type Grant, grantsQuery } from './accessQueries'
import { useAccess } from './accessWords'

const GrantDialog = lazy(() => import('./GrantDialog'))
const ReasonDialog = lazy(() => import('../../shared/ui/ReasonDialog'))

const tones = { active: 'jade', planned: 'neutral', ended: 'neutral' } as const

/** What partners may see of this customer, until when, and who gave it. */
export function Grants({ id, canGrant }: { id: string; canGrant: boolean }) {
  const t = useAccess()
  const rows = useSuspenseQuery(grantsQuery(id)).data.items
  const [giving, setGiving] = useState(false)
  const [ending, setEnding] = useState<Grant>()
  const end = useWrite({
    run: (reason: string, { headers }) => endGrant(id, ending?.id ?? '', reason, headers),
    touches: ['account'],
    onDone: () => {
      setEnding(undefined)
      toast(t.ended)
    },
  })
  const give = canGrant && (
    <Button icon={<KeyRound size={16} aria-hidden />} onPress={() => setGiving(true)}>
      {t.grant}
    </Button>
  )
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState title={t.noGrants} action={give}>
          {t.noGrantsWhy}
        </EmptyState>
      ) : (
        <>
          <MiniTable
            label={t.views.grants}
            head={[t.grantPartner, t.why, t.grantFields, t.until, '']}
            end={[4]}
            rows={rows.map((row) => ({
              id: row.id,
              cells: [
                <span key="who" className="font-medium">
                  {row.partner_name} <Tag tone={tones[row.state]}>{t.states[row.state]}</Tag>
                </span>,
                <span key="why">
                  {wordOf(t.via, row.via)} {row.number}
                  {row.reason && <span className="block text-ink-3 text-small">{row.reason}</span>}
                  {row.given_by && <span className="block text-ink-3 text-small">{t.given(row.given_by)}</span>}
                  {row.end_reason && <span className="block text-ink-3 text-small">{row.end_reason}</span>}
                </span>,
                row.fields.map((field) => wordOf(t.fields, field)).join('、') || t.basicFields,
                row.ended_at || row.ends_at ? <Time key="until" value={row.ended_at ?? row.ends_at ?? ''} as="date" /> : t.noEnd,
                row.actions.includes('end') && (
                  <Button key="end" size="small" variant="quiet" onPress={() => setEnding(row)}>
                    {t.end}
                    <span className="sr-only"> {row.partner_name}</span>
                  </Button>
                ),
              ],
            }))}
          />
          {give && <div className="mt-3">{give}</div>}
        </>
      )}
      <Suspense>
        {giving && <GrantDialog id={id} onClose={() => setGiving(false)} />}
        {ending && (
          <ReasonDialog
            ask={{ title: t.endTitle(ending.partner_name), reason: 'required', help: t.endWhy }}
            action={t.end}
            isDanger
            isPending={end.isPending}
            problem={end.error ?? undefined}
            onClose={() => setEnding(undefined)}
            onGo={(reason) => end.mutate(reason)}
          />
        )}
      </Suspense>
    </>
  )
}
