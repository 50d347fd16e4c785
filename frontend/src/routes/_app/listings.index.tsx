import { createFileRoute } from '@tanstack/react-router'
import { ListingsPage } from '../../features/listings/ListingsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/listings/')({ validateSearch: searchOf({ state: 'text', q: 'text' }), component: ListingsPage })
