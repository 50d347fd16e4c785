import { Link } from '@tanstack/react-router'
import { useReference } from '../../shared/api/reference'
import type { Column } from '../../shared/ui/DataTable'
import { State } from '../../shared/ui/Record'
import { Money } from '../../shared/ui/Text'
import type { Line } from './queries'
import { useCommission } from './words'

export function useLineColumns(): Column<Line>[] {
  const t = useCommission()
  const { reference, name } = useReference()
  return [
    { id: 'date', header: t.col.date, cell: (line) => <span className="text-ink-3">{line.business_date}</span> },
    {
      id: 'account',
      header: t.col.account,
      isFixed: true,
      cell: (line) => (
        <Link to={`/commission/lines/${line.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
          {line.account_name}
        </Link>
      ),
    },
    { id: 'product', header: t.col.product, cell: (line) => name(reference.families, line.product) },
    { id: 'kind', header: t.col.kind, cell: (line) => `${t.kind[line.kind]} · ${t.event[line.event_kind]}` },
    { id: 'basis', header: t.col.basis, align: 'end', cell: (line) => <Money fen={line.basis_fen} className="text-ink-3" /> },
    {
      id: 'share',
      header: t.col.share,
      align: 'end',
      cell: (line) => <Money fen={line.share_fen} className={line.share_fen < 0 ? 'text-cinnabar' : 'text-accent-text'} />,
    },
    { id: 'state', header: t.col.state, cell: (line) => <State of="line" value={line.state} /> },
    { id: 'due', header: t.col.due, cell: (line) => <span className="text-ink-3">{line.due_on}</span> },
  ]
}

export function LineCard({ line }: { line: Line }) {
  const t = useCommission()
  const { reference, name } = useReference()
  return (
    <Link to={`/commission/lines/${line.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
      <span className="flex items-start justify-between gap-3">
        <span className="font-medium">{line.account_name}</span>
        <Money fen={line.share_fen} className={line.share_fen < 0 ? 'text-cinnabar' : 'font-medium text-accent-text'} />
      </span>
      <span className="flex items-center justify-between gap-3 text-ink-3 text-small">
        <span className="truncate">
          {name(reference.families, line.product)} · {t.event[line.event_kind]} · {line.business_date}
        </span>
        <State of="line" value={line.state} />
      </span>
    </Link>
  )
}
