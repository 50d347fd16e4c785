import { createFileRoute } from '@tanstack/react-router'
import { PayoutsPage } from '../../features/payouts/PayoutsPage'

export const Route = createFileRoute('/_app/payouts/')({ component: PayoutsPage })
