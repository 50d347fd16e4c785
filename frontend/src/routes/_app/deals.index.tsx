import { createFileRoute } from '@tanstack/react-router'
import { DealsPage } from '../../features/deals/DealsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/deals/')({
  validateSearch: searchOf({ state: 'text', stage: 'text', q: 'text', view: 'text' }),
  component: DealsPage,
})
