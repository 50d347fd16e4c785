import { createFileRoute } from '@tanstack/react-router'
import { StatementsPage } from '../../features/commission/StatementsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/statements/')({
  validateSearch: searchOf({ state: 'text', month: 'text' }),
  component: StatementsPage,
})
