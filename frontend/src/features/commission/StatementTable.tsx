import { Link } from '@tanstack/react-router'
import { useMe } from '../../shared/api/session'
import { LinkButton } from '../../shared/ui/Button'
import type { Column } from '../../shared/ui/DataTable'
import { State } from '../../shared/ui/Record'
import { Due, Money } from '../../shared/ui/Text'
import type { StatementRow } from './queries'
import { useCommission } from './words'

export function useStatementColumns(): Column<StatementRow>[] {
  const t = useCommission()
  const { membership, permissions } = useMe()
  const confirms = permissions.includes('statement:confirm')
  return [
    {
      id: 'number',
      header: t.col.number,
      isFixed: true,
      cell: (row) => (
        <Link to={`/statements/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.number}
        </Link>
      ),
    },
    ...(membership.tenant_kind === 'partner'
      ? []
      : [{ id: 'partner', header: t.col.partner, cell: (row: StatementRow) => row.partner_name }]),
    { id: 'month', header: t.col.month, cell: (row) => row.month },
    { id: 'lines', header: t.col.lines, align: 'end', cell: (row) => row.lines },
    { id: 'total', header: t.col.total, align: 'end', cell: (row) => <Money fen={row.total_fen} /> },
    {
      id: 'carry',
      header: t.col.carryIn,
      align: 'end',
      cell: (row) =>
        row.carry_in_fen ? <Money fen={row.carry_in_fen} className="text-cinnabar" /> : <span className="text-ink-3">-</span>,
    },
    { id: 'payable', header: t.col.payable, align: 'end', cell: (row) => <Money fen={row.payable_fen} className="font-medium" /> },
    { id: 'state', header: t.col.state, cell: (row) => <State of="statement" value={row.state} /> },
    {
      id: 'due',
      header: t.col.confirmBy,
      cell: (row) =>
        row.state === 'issued' && row.confirm_by ? (
          <span className="flex items-center justify-between gap-3">
            <Due at={row.confirm_by} />
            {confirms && (
              <LinkButton size="small" to={`/statements/${row.id}` as string}>
                {t.check}
              </LinkButton>
            )}
          </span>
        ) : (
          <span className="text-ink-3">-</span>
        ),
    },
  ]
}

export function StatementCard({ row }: { row: StatementRow }) {
  return (
    <Link to={`/statements/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
      <span className="flex items-start justify-between gap-3">
        <span className="font-medium">{row.month}</span>
        <State of="statement" value={row.state} />
      </span>
      <span className="flex items-center justify-between gap-3 text-small">
        <Money fen={row.payable_fen} className="font-medium" />
        {row.state === 'issued' && row.confirm_by && <Due at={row.confirm_by} />}
      </span>
    </Link>
  )
}
