import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { useMe } from '../../shared/api/session'
import { useActor } from '../../shared/i18n/did'
import { optionsOf, useDomain, wordOf } from '../../shared/i18n/domain'
import { useRise } from '../../shared/i18n/rise'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { SearchField } from '../../shared/ui/SearchField'
import { Standing } from '../../shared/ui/Standing'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Due, Time } from '../../shared/ui/Text'
import { rolloutsQuery, type Task, type TaskFilter } from './queries'
import { Reply } from './Reply'
import { useRooms } from './rooms'
import { useGraduation } from './words'

const states = ['open', 'adopted', 'later', 'declined', 'keep', 'release'] as const

export function RolloutsPage() {
  const t = useRooms().rollout
  const city = useMe().membership.tenant_kind === 'city'
  const [filter] = useFilters<TaskFilter>()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={city ? t.sub : t.subProvince}
        actions={<ExportLink path="/api/rollouts/export.xlsx" filter={filter} />}
      />
      <Part>
        <List city={city} />
      </Part>
    </Page>
  )
}

function List({ city }: { city: boolean }) {
  const words = useGraduation()
  const rise = useRise()
  const t = useRooms().rollout
  const d = useDomain()
  const [filter, set] = useFilters<TaskFilter>()
  const list = usePages(rolloutsQuery(filter))
  const why = (row: Task) =>
    [wordOf(rise.reasonCodes, row.reason_code), row.later_on && t.later(row.later_on), row.reason].filter(Boolean).join(' · ')
  const named = useActor()
  const columns: Column<Task>[] = [
    {
      id: 'solution',
      header: t.solution,
      isFixed: true,
      cell: (row) => (
        <Link to={`/graduations/${row.graduation_id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
        </Link>
      ),
    },
    ...(city ? [] : [{ id: 'city', header: t.city, cell: (row: Task) => row.city_name }]),
    { id: 'state', header: t.state, cell: (row) => <Standing of="rollout" value={row.state} /> },
    {
      id: 'due',
      header: t.due,
      cell: (row) => (row.state === 'open' ? <Due at={row.due_at} /> : <Time value={row.answered_at} as="date" className="text-ink-3" />),
    },
    { id: 'reason', header: t.reason, cell: (row) => <span title={why(row)}>{why(row)}</span> },
    { id: 'by', header: t.answered, cell: (row) => named(row.answered_by_name) },
    ...(city ? [{ id: 'acts', header: '', cell: (row: Task) => <Reply task={row} /> }] : []),
  ]
  const filtered = Object.keys(filter).length > 0
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="rollouts"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <div className="flex flex-col gap-2.5 p-4">
          <Link to={`/graduations/${row.graduation_id}` as string} className="focus-ring flex flex-col gap-1 rounded-check">
            <span className="flex items-start justify-between gap-3">
              <span className="font-medium">{row.solution_name}</span>
              <Standing of="rollout" value={row.state} />
            </span>
            <span className="flex items-center justify-between gap-3 text-ink-3 text-small">
              <span className="truncate">{city ? row.partner_name : row.city_name}</span>
              {row.state === 'open' && <Due at={row.due_at} />}
            </span>
            {why(row) && <span className="text-ink-2 text-small">{why(row)}</span>}
          </Link>
          {row.actions.length > 0 && (
            <div className="flex flex-wrap gap-2">
              <Reply task={row} />
            </div>
          )}
        </div>
      )}
      toolbar={
        <>
          <StateTabs
            label={t.state}
            value={filter.state ?? 'all'}
            onChange={(state) => set({ state: state === 'all' ? undefined : state })}
            items={[
              { id: 'all', label: d.all, count: count('all') },
              ...states.map((id) => ({ id: id as string, label: rise.states.rollout[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          <NativeSelect
            label={t.anyReason}
            hideLabel
            options={[{ id: '', label: t.anyReason }, ...optionsOf(rise.reasonCodes)]}
            value={filter.reason ?? ''}
            onChange={(reason) => set({ reason: reason || undefined })}
          />
        </>
      }
      empty={
        filtered ? (
          <EmptyState
            title={t.noMatch}
            action={
              <Button onPress={() => set({ state: undefined, q: undefined, reason: undefined, kind: undefined, graduation: undefined })}>
                {words.clear}
              </Button>
            }
          >
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
        )
      }
    />
  )
}
