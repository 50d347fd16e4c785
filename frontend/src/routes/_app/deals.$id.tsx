import { createFileRoute } from '@tanstack/react-router'
import { DealPage } from '../../features/deals/DealPage'

export const Route = createFileRoute('/_app/deals/$id')({ remountDeps: ({ params }) => params, component: DealPage })
