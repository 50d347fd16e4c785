import { createFileRoute } from '@tanstack/react-router'
import { DuplicatesPage } from '../../features/duplicates/DuplicatesPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/duplicates')({
  validateSearch: searchOf({ state: 'text', city: 'text' }),
  component: DuplicatesPage,
})
