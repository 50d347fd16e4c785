import { createFileRoute } from '@tanstack/react-router'
import { DifferencePage } from '../../features/solutions/DifferencePage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/versions/$id_/difference')({
  validateSearch: searchOf({ from: 'text' }),
  remountDeps: ({ params }) => params,
  component: DifferencePage,
})
