import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { formatTime } from '../../shared/lib/time'
import { DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { type FlagRow, flagsQuery } from './queries'
import { useFlags } from './words'

export function FlagsPage() {
  const t = useFlags()
  return (
    <Page width="full" fill>
      <PageHeader title={t.title} sub={t.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

const states = ['open', 'proposed', 'upheld', 'cleared'] as const

function List() {
  const t = useFlags()
  const d = useDomain()
  const [filter, set] = useFilters<{ state?: string }>()
  const list = usePages(flagsQuery(filter))
  return (
    <DataTable
      id="flags"
      label={t.title}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/flags/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      columns={[
        {
          id: 'number',
          header: t.number,
          isFixed: true,
          cell: (row: FlagRow) => (
            <Link to={`/flags/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
              {row.number}
            </Link>
          ),
        },
        { id: 'partner', header: t.partner, cell: (row) => row.partner_name },
        { id: 'kind', header: t.kind, cell: (row) => t.kinds[row.kind] },
        { id: 'count', header: t.count, align: 'end', cell: (row) => t.countOf(row.count, row.of_count) },
        { id: 'state', header: t.state, cell: (row) => <State of="flag" value={row.state} /> },
        { id: 'raised', header: t.raised, cell: (row) => formatTime(row.raised_at, 'date') },
      ]}
      card={(row) => (
        <Link to={`/flags/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.partner_name}</span>
            <State of="flag" value={row.state} />
          </span>
          <span className="text-ink-3 text-small">{`${t.kinds[row.kind]} · ${t.countOf(row.count, row.of_count)}`}</span>
        </Link>
      )}
      toolbar={
        <StateTabs
          label={t.state}
          value={filter.state ?? 'all'}
          onChange={(state) => set({ state: state === 'all' ? undefined : state })}
          items={[{ id: 'all', label: t.all }, ...states.map((id) => ({ id: id as string, label: d.states.flag[id] }))]}
        />
      }
      empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>}
    />
  )
}
