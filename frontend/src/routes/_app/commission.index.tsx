import { createFileRoute } from '@tanstack/react-router'
import { CommissionPage } from '../../features/commission/CommissionPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/commission/')({
  validateSearch: searchOf({ state: 'text', month: 'text', q: 'text' }),
  component: CommissionPage,
})
