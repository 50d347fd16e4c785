import { createFileRoute } from '@tanstack/react-router'
import { MapPage } from '../../features/graduation/MapPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/product-map')({
  validateSearch: searchOf({ quarter: 'text', view: 'text' }),
  component: MapPage,
})
