import { createFileRoute } from '@tanstack/react-router'
import { AccountsPage } from '../../features/accounts/AccountsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/accounts/')({
  validateSearch: searchOf({
    q: 'text',
    city: 'text',
    district: 'text',
    kind: 'text',
    tier: 'text',
    industry: 'text',
    owner: 'text',
    existing: 'text',
    quality: 'text',
    target: 'text',
    segment: 'text',
    sort: 'text',
  }),
  component: AccountsPage,
})
