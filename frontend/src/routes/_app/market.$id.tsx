import { createFileRoute } from '@tanstack/react-router'
import { OfferPage } from '../../features/market/OfferPage'

export const Route = createFileRoute('/_app/market/$id')({ remountDeps: ({ params }) => params, component: OfferPage })
