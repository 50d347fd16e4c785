import { createFileRoute } from '@tanstack/react-router'
import { EditAccountPage } from '../../features/accounts/EditAccountPage'

export const Route = createFileRoute('/_app/accounts/$id_/edit')({ remountDeps: ({ params }) => params, component: EditAccountPage })
