import { createFileRoute } from '@tanstack/react-router'
import { FeedsPage } from '../../features/feeds/FeedsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/feeds')({ validateSearch: searchOf({ kind: 'text' }), component: FeedsPage })
