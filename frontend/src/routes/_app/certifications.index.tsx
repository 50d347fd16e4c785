import { createFileRoute } from '@tanstack/react-router'
import { CertificationsPage } from '../../features/certification/CertificationsPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/certifications/')({
  validateSearch: searchOf({ state: 'text', q: 'text' }),
  component: CertificationsPage,
})
