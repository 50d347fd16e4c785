import { createFileRoute } from '@tanstack/react-router'
import { PartnersPage } from '../../features/partner/PartnersPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/partners/')({ validateSearch: searchOf({ state: 'text', q: 'text' }), component: PartnersPage })
