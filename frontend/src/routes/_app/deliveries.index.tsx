import { createFileRoute } from '@tanstack/react-router'
import { DeliveriesPage } from '../../features/orders/DeliveriesPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/deliveries/')({ validateSearch: searchOf({ state: 'text' }), component: DeliveriesPage })
