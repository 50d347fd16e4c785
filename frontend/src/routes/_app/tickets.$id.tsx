import { createFileRoute } from '@tanstack/react-router'
import { TicketPage } from '../../features/tickets/TicketPage'

export const Route = createFileRoute('/_app/tickets/$id')({ remountDeps: ({ params }) => params, component: TicketPage })
