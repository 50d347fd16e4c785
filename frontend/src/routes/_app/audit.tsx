import { createFileRoute } from '@tanstack/react-router'
import { AuditPage } from '../../features/audit/AuditPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/audit')({
  validateSearch: searchOf({ resource: 'text', resource_id: 'text', person: 'text', from: 'text', to: 'text', q: 'text' }),
  component: AuditPage,
})
