import { createFileRoute } from '@tanstack/react-router'
import { NoticesPage } from '../../features/notices/NoticesPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/notices')({
  validateSearch: searchOf({ kind: 'text', unread: 'flag' }),
  component: NoticesPage,
})
