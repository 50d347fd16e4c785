import { createFileRoute } from '@tanstack/react-router'
import { PlanPage } from '../../features/plans/PlanPage'

export const Route = createFileRoute('/_app/plans/$id')({ remountDeps: ({ params }) => params, component: PlanPage })
