import { createFileRoute } from '@tanstack/react-router'
import { TestPlanPage } from '../../features/certification/TestPlanPage'

export const Route = createFileRoute('/_app/certification-plans/$id')({ component: TestPlanPage })
