import { createFileRoute } from '@tanstack/react-router'
import { TiersPage } from '../../features/partner/TiersPage'

export const Route = createFileRoute('/_app/tiers')({ component: TiersPage })
