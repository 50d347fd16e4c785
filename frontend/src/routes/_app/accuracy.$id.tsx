import { createFileRoute } from '@tanstack/react-router'
import { AuditPage } from '../../features/accuracy/AuditPage'

export const Route = createFileRoute('/_app/accuracy/$id')({ remountDeps: ({ params }) => params, component: AuditPage })
