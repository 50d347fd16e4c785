import { createFileRoute } from '@tanstack/react-router'
import { ThresholdsPage } from '../../features/graduation/ThresholdsPage'

export const Route = createFileRoute('/_app/thresholds')({ component: ThresholdsPage })
