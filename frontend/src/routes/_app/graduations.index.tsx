import { createFileRoute } from '@tanstack/react-router'
import { GraduationsPage } from '../../features/graduation/GraduationsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/graduations/')({
  validateSearch: searchOf({ state: 'text', kind: 'text', q: 'text', solution: 'text', view: 'text' }),
  component: GraduationsPage,
})
