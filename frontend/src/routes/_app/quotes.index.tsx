import { createFileRoute } from '@tanstack/react-router'
import { QuotesPage } from '../../features/orders/QuotesPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/quotes/')({ validateSearch: searchOf({ q: 'text' }), component: QuotesPage })
