import { createFileRoute } from '@tanstack/react-router'
import { TicketsPage } from '../../features/tickets/TicketsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/tickets/')({
  validateSearch: searchOf({
    state: 'text',
    severity: 'text',
    overdue: 'flag',
    mine: 'flag',
    q: 'text',
    supplier: 'text',
    month: 'text',
    missed: 'text',
    sort: 'text',
  }),
  component: TicketsPage,
})
