import { createFileRoute } from '@tanstack/react-router'
import { OrdersPage } from '../../features/orders/OrdersPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/orders/')({
  validateSearch: searchOf({ state: 'text', q: 'text', view: 'text' }),
  component: OrdersPage,
})
