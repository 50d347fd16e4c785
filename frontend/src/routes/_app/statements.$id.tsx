import { createFileRoute } from '@tanstack/react-router'
import { StatementPage } from '../../features/commission/StatementPage'

export const Route = createFileRoute('/_app/statements/$id')({ remountDeps: ({ params }) => params, component: StatementPage })
