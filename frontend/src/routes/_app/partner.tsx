import { createFileRoute } from '@tanstack/react-router'
import { OwnPartnerPage } from '../../features/partner/OwnPartnerPage'

export const Route = createFileRoute('/_app/partner')({ component: OwnPartnerPage })
