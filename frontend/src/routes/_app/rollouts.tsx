import { createFileRoute } from '@tanstack/react-router'
import { RolloutsPage } from '../../features/graduation/RolloutsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/rollouts')({
  validateSearch: searchOf({ state: 'text', kind: 'text', reason: 'text', q: 'text', graduation: 'text' }),
  component: RolloutsPage,
})
