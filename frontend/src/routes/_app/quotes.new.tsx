import { createFileRoute } from '@tanstack/react-router'
import { NewQuotePage } from '../../features/orders/NewQuotePage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/quotes/new')({
  validateSearch: searchOf({ deal: 'text', account: 'text', listing: 'text', replaces: 'text' }),
  component: NewQuotePage,
})
