import { createFileRoute } from '@tanstack/react-router'
import { ResetPage } from '../features/entry/ResetPage'

export const Route = createFileRoute('/reset/$token')({ component: ResetPage })
