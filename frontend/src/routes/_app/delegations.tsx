import { createFileRoute } from '@tanstack/react-router'
import { DelegationsPage } from '../../features/members/DelegationsPage'

export const Route = createFileRoute('/_app/delegations')({ component: DelegationsPage })
