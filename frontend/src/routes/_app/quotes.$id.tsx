import { createFileRoute } from '@tanstack/react-router'
import { QuotePage } from '../../features/orders/QuotePage'

export const Route = createFileRoute('/_app/quotes/$id')({ remountDeps: ({ params }) => params, component: QuotePage })
