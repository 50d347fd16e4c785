import { createFileRoute } from '@tanstack/react-router'
import { NewDealPage } from '../../features/deals/NewDealPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/deals/new')({ validateSearch: searchOf({ listing: 'text' }), component: NewDealPage })
