import { createFileRoute } from '@tanstack/react-router'
import { NewPlanPage } from '../../features/plans/NewPlanPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/plans/new')({ validateSearch: searchOf({ from: 'text' }), component: NewPlanPage })
