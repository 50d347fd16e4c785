import { createFileRoute } from '@tanstack/react-router'
import { ComparePage } from '../../features/market/ComparePage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/market/compare')({ validateSearch: searchOf({ ids: 'list' }), component: ComparePage })
