import { useSuspenseQuery } from '@tanstack/react-query'
import { UserSearch } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useRoleName } from '../../shared/i18n/common'
import { wordOf } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { EmptyState } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { looksQuery, peopleQuery } from './accessQueries'
import { useAccess } from './accessWords'
import { Grants } from './Grants'
import { Steps } from './Steps'

const ExplainDialog = lazy(() => import('./ExplainDialog'))

type View = 'people' | 'grants' | 'looks'

/** Who can see this customer and why, what partners were granted, and who looked. */
export default function AccessPanel({ id, canGrant }: { id: string; canGrant: boolean }) {
  const t = useAccess()
  const [view, setView] = useState<View>('people')
  const [asking, setAsking] = useState(false)
  return (
    <Section
      title={t.title}
      sub={t.sub}
      aside={
        <Button size="small" icon={<UserSearch size={15} aria-hidden />} onPress={() => setAsking(true)}>
          {t.ask}
        </Button>
      }
    >
      <SegmentedControl
        label={t.title}
        className="mb-3"
        items={(Object.keys(t.views) as View[]).map((one) => ({ id: one, label: t.views[one] }))}
        value={view}
        onChange={setView}
      />
      <Part>
        {view === 'people' && <People id={id} />}
        {view === 'grants' && <Grants id={id} canGrant={canGrant} />}
        {view === 'looks' && <Looks id={id} />}
      </Part>
      <Suspense>{asking && <ExplainDialog id={id} onClose={() => setAsking(false)} />}</Suspense>
    </Section>
  )
}

function People({ id }: { id: string }) {
  const t = useAccess()
  const role = useRoleName()
  const rows = useSuspenseQuery(peopleQuery(id)).data.items
  return (
    <>
      <p className="mb-2 text-ink-3 text-small">{t.people(rows.length)}</p>
      <MiniTable
        label={t.title}
        head={[t.who, t.why, t.contact, t.until]}
        rows={rows.map((row, index) => ({
          id: `${row.email}${index}`,
          cells: [
            <span key="who">
              <span className="font-medium">{row.who}</span>
              {row.on_behalf && <span className="text-amber"> {t.onBehalf(row.on_behalf)}</span>}
              <span className="block text-ink-3 text-small">
                {row.tenant} · {row.roles.map(role).join(' · ')}
              </span>
            </span>,
            <details key="why">
              <summary className="focus-ring cursor-default rounded-check">{wordOf(t.via, row.via)}</summary>
              <div className="mt-2">
                <Steps steps={row.steps} />
              </div>
            </details>,
            row.contact === 'withheld' || row.fields.length ? (
              <span key="contact" className="text-small">
                {row.fields.map((field) => wordOf(t.fields, field)).join('、') || t.basicFields}
              </span>
            ) : (
              wordOf(t.contacts, row.contact)
            ),
            row.until ? <Time key="until" value={row.until} as="date" /> : t.noEnd,
          ],
        }))}
      />
    </>
  )
}

function Looks({ id }: { id: string }) {
  const t = useAccess()
  const rows = useSuspenseQuery(looksQuery(id)).data.items
  if (!rows.length) return <EmptyState title={t.noLooks} />
  return (
    <MiniTable
      label={t.views.looks}
      head={[t.who, t.why, t.looked, t.times]}
      end={[3]}
      rows={rows.map((row) => ({
        id: `${row.name}${row.first_at}`,
        cells: [
          <span key="who">
            <span className="font-medium">{row.name}</span>
            <span className="block text-ink-3 text-small">{row.tenant}</span>
          </span>,
          <span key="via">
            {wordOf(t.via, row.via)}
            {row.revealed > 0 && (
              <span className="block">
                <Tag tone="amber">{t.revealedTimes(row.revealed)}</Tag>
              </span>
            )}
          </span>,
          <Time key="at" value={row.last_at} as="dateTime" />,
          row.times,
        ],
      }))}
    />
  )
}
