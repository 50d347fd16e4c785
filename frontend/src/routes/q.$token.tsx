import { createFileRoute } from '@tanstack/react-router'
import { SharedQuotePage } from '../features/orders/SharedQuotePage'

export const Route = createFileRoute('/q/$token')({ remountDeps: ({ params }) => params, component: SharedQuotePage })
