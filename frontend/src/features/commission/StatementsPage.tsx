import { usePages } from '../../shared/api/pages'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { statementsQuery } from './queries'
import { StatementCard, useStatementColumns } from './StatementTable'
import { useCommission } from './words'

const states = ['issued', 'confirmed', 'paid'] as const

export function StatementsPage() {
  const t = useCommission()
  return (
    <Page width="full" fill>
      <PageHeader title={t.statements} sub={t.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

function List() {
  const t = useCommission()
  const d = useDomain()
  const columns = useStatementColumns()
  const [filter, set] = useFilters<{ state?: string; month?: string }>()
  const list = usePages(statementsQuery(filter))
  const filtered = !!(filter.state || filter.month)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="statements"
      label={t.statements}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/statements/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => <StatementCard row={row} />}
      toolbar={
        <>
          <StateTabs
            label={t.col.state}
            value={filter.state ?? 'all'}
            onChange={(state) => set({ state: state === 'all' ? undefined : state })}
            items={[
              { id: 'all', label: d.all, count: count('all') },
              ...states.map((id) => ({ id: id as string, label: d.states.statement[id], count: count(id) })),
            ]}
          />
          {filter.month && (
            <Button size="small" onPress={() => set({ month: undefined })}>
              {filter.month} ×
            </Button>
          )}
        </>
      }
      empty={
        <EmptyState
          title={filtered ? t.noMatch : t.statementsEmpty}
          action={filtered && <Button onPress={() => set({ state: undefined, month: undefined })}>{t.clear}</Button>}
        >
          {filtered ? undefined : t.statementsEmptyWhy}
        </EmptyState>
      }
    />
  )
}
