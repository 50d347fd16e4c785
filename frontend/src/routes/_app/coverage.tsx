import { createFileRoute } from '@tanstack/react-router'
import { CoveragePage } from '../../features/coverage/CoveragePage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/coverage')({
  validateSearch: searchOf({ year: 'text', segment: 'text' }),
  component: CoveragePage,
})
