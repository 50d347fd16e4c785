import { createFileRoute } from '@tanstack/react-router'
import { MembersPage } from '../../features/members/MembersPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/members')({ validateSearch: searchOf({ view: 'text' }), component: MembersPage })
