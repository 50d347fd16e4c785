import { createFileRoute } from '@tanstack/react-router'
import { NewTicketPage } from '../../features/tickets/NewTicketPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/tickets/new')({
  validateSearch: searchOf({ service: 'text', account: 'text' }),
  component: NewTicketPage,
})
