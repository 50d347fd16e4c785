import { createFileRoute } from '@tanstack/react-router'
import { OverlayPage } from '../../features/overlays/OverlayPage'

export const Route = createFileRoute('/_app/overlays/$id')({ remountDeps: ({ params }) => params, component: OverlayPage })
