import { createFileRoute } from '@tanstack/react-router'
import { NewAccountPage } from '../../features/accounts/NewAccountPage'

export const Route = createFileRoute('/_app/accounts/new')({ component: NewAccountPage })
