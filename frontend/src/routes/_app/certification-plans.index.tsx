import { createFileRoute } from '@tanstack/react-router'
import { TestPlansPage } from '../../features/certification/TestPlansPage'

export const Route = createFileRoute('/_app/certification-plans/')({ component: TestPlansPage })
