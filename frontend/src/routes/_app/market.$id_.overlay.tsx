import { createFileRoute } from '@tanstack/react-router'
import { OfferOverlayPage } from '../../features/overlays/OverlayPage'

export const Route = createFileRoute('/_app/market/$id_/overlay')({ remountDeps: ({ params }) => params, component: OfferOverlayPage })
