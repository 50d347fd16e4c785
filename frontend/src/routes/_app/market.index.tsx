import { createFileRoute } from '@tanstack/react-router'
import { MarketPage } from '../../features/market/MarketPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/market/')({
  validateSearch: searchOf({
    q: 'text',
    city: 'text',
    industry: 'list',
    category: 'list',
    scope: 'list',
    certified: 'flag',
    sort: 'text',
    view: 'text',
    compare: 'list',
  }),
  component: MarketPage,
})
