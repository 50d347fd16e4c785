import { createFileRoute } from '@tanstack/react-router'
import { DeliveryPage } from '../../features/orders/DeliveryPage'

export const Route = createFileRoute('/_app/deliveries/$id')({ remountDeps: ({ params }) => params, component: DeliveryPage })
