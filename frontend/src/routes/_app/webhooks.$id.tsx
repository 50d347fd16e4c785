import { createFileRoute } from '@tanstack/react-router'
import { WebhookPage } from '../../features/webhooks/WebhookPage'
import { searchOf } from '../../shared/lib/search'

export const Route = createFileRoute('/_app/webhooks/$id')({
  validateSearch: searchOf({ state: 'text' }),
  remountDeps: ({ params }) => params,
  component: WebhookPage,
})
