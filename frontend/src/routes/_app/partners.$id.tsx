import { createFileRoute } from '@tanstack/react-router'
import { PartnerPage } from '../../features/partner/PartnerPage'

export const Route = createFileRoute('/_app/partners/$id')({ remountDeps: ({ params }) => params, component: PartnerPage })
