import { createFileRoute } from '@tanstack/react-router'
import { BatchPage } from '../../features/payouts/BatchPage'

export const Route = createFileRoute('/_app/payouts/$id')({ remountDeps: ({ params }) => params, component: BatchPage })
