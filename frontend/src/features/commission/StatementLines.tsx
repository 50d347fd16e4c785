import { Actions } from '../../shared/ui/Actions'
import { DataTable } from '../../shared/ui/DataTable'
import { EmptyState } from '../../shared/ui/States'
import { useLineActs } from './acts'
import { LineCard, useLineColumns } from './lines'
import type { Statement } from './queries'
import { useCommission } from './words'

/** Every line of the month; each may be disputed on its own. */
export default function StatementLines({ statement }: { statement: Statement }) {
  const t = useCommission()
  const s = t.statement
  const columns = useLineColumns()
  const lineActs = useLineActs()
  const anyAct = statement.items.some((line) => line.actions.includes('dispute') || line.actions.includes('settle_dispute'))
  return (
    <DataTable
      id="statement.lines"
      label={t.lines}
      columns={[
        ...columns.filter((column) => !['due', 'basis'].includes(column.id)),
        ...(anyAct
          ? [
              {
                id: 'act',
                header: t.period.actions,
                isFixed: true,
                cell: (line: (typeof statement.items)[number]) => (
                  <Actions
                    resource="commission/lines"
                    id={line.id}
                    allowed={line.actions}
                    acts={lineActs}
                    size="small"
                    touches={['commission', 'statement', 'home']}
                  />
                ),
              },
            ]
          : []),
      ]}
      rows={statement.items}
      rowKey={(line) => line.id}
      href={(line) => `/commission/lines/${line.id}`}
      card={(line) => <LineCard line={line} />}
      empty={<EmptyState title={s.empty}>{statement.why}</EmptyState>}
    />
  )
}
