import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { useRise } from '../../shared/i18n/rise'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { SearchField } from '../../shared/ui/SearchField'
import { Standing } from '../../shared/ui/Standing'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Time } from '../../shared/ui/Text'
import { Board } from './Board'
import { type Filter, type GraduationRow, graduationsQuery } from './queries'
import { useGraduation } from './words'

const states = ['nominated', 'piloting', 'evaluating', 'graduated', 'returned', 'consulting'] as const

export function GraduationsPage() {
  const t = useGraduation()
  const [{ view, ...filter }] = useFilters<Filter>()
  const operator = useMe().membership.tenant_kind !== 'partner'
  return (
    <Page width="full" fill={view === 'list'}>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <>
            <ExportLink path="/api/graduations/export.xlsx" filter={filter} />
            {operator && <LinkButton to={'/thresholds' as string}>{t.toThresholds}</LinkButton>}
          </>
        }
      />
      <Part>
        <Found />
      </Part>
    </Page>
  )
}

function Found() {
  const t = useGraduation()
  const rise = useRise()
  const d = useDomain()
  const { reference, name } = useReference()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(graduationsQuery(filter))
  const { view, ...narrowing } = filter
  const filtered = Object.keys(narrowing).length > 0
  const columns: Column<GraduationRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'solution',
      header: t.columns.solution,
      isFixed: true,
      cell: (row) => (
        <Link to={`/graduations/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
        </Link>
      ),
    },
    { id: 'partner', header: t.columns.partner, cell: (row) => row.partner_name },
    { id: 'city', header: t.columns.city, cell: (row) => row.city_name },
    { id: 'state', header: t.columns.state, cell: (row) => <Standing of="graduation" value={row.state} /> },
    { id: 'category', header: t.columns.category, cell: (row) => name(reference.categories, row.category) },
    { id: 'nominated', header: t.columns.nominated, cell: (row) => <Time value={row.nominated_at} as="date" className="text-ink-3" /> },
    { id: 'until', header: t.columns.until, cell: (row) => <Time value={row.comments_until} as="date" className="text-ink-3" /> },
  ]
  const tools = (
    <>
      <NativeSelect
        label={t.view}
        hideLabel
        options={[
          { id: '', label: t.board },
          { id: 'list', label: t.list },
        ]}
        value={view ?? ''}
        onChange={(next) => set({ view: next || undefined, state: undefined })}
      />
      <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
      <NativeSelect
        label={t.anyKind}
        hideLabel
        options={[{ id: '', label: t.anyKind }, ...optionsOf(t.kinds)]}
        value={filter.kind ?? ''}
        onChange={(kind) => set({ kind: kind || undefined })}
      />
    </>
  )
  const empty = filtered ? (
    <EmptyState
      title={t.noMatch}
      action={<Button onPress={() => set({ q: undefined, state: undefined, kind: undefined, solution: undefined })}>{t.clear}</Button>}
    >
      {t.noMatchWhy}
    </EmptyState>
  ) : (
    <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  )
  if (view !== 'list' && !filter.state)
    return (
      <>
        <div className="mb-4 flex flex-wrap items-center gap-3">{tools}</div>
        {list.rows.length ? <Board rows={list.rows} /> : empty}
      </>
    )
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="graduations"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/graduations/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/graduations/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.solution_name}</span>
            <Standing of="graduation" value={row.state} />
          </span>
          <span className="text-ink-3 text-small">
            {row.partner_name} · {row.city_name}
          </span>
        </Link>
      )}
      toolbar={
        <>
          <StateTabs
            label={t.columns.state}
            value={filter.state ?? 'all'}
            onChange={(state) => set({ state: state === 'all' ? undefined : state, view: 'list' })}
            items={[
              { id: 'all', label: d.all, count: count('all') },
              ...states.map((id) => ({ id: id as string, label: rise.states.graduation[id], count: count(id) })),
            ]}
          />
          {tools}
        </>
      }
      empty={empty}
    />
  )
}
