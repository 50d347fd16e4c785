import { createFileRoute } from '@tanstack/react-router'
import { OverlaysPage } from '../../features/overlays/OverlaysPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/overlays/')({
  validateSearch: searchOf({ state: 'text', q: 'text', listing: 'text' }),
  component: OverlaysPage,
})
