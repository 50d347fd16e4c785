import { createFileRoute } from '@tanstack/react-router'
import { AccountPage } from '../../features/accounts/AccountPage'

export const Route = createFileRoute('/_app/accounts/$id')({ remountDeps: ({ params }) => params, component: AccountPage })
