import { createFileRoute } from '@tanstack/react-router'
import { SolutionsPage } from '../../features/solutions/SolutionsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/solutions/')({
  validateSearch: searchOf({ q: 'text', state: 'text', industry: 'text' }),
  component: SolutionsPage,
})
