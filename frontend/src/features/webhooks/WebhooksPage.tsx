import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../shared/ui/Button'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { HookState } from './HookState'
import { webhooksQuery } from './queries'
import { useWebhooks } from './words'

const WebhookDialog = lazy(() => import('./WebhookDialog'))

export function WebhooksPage() {
  return (
    <RecordPage>
      <Webhooks />
    </RecordPage>
  )
}

function Webhooks() {
  const t = useWebhooks()
  const { items, topics, actions } = useSuspenseQuery(webhooksQuery).data
  const [open, setOpen] = useState(false)
  const add = actions.includes('add') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen(true)}>
      {t.add}
    </Button>
  )
  return (
    <>
      <PageHeader title={t.title} sub={t.sub} actions={items.length > 0 && add} />
      {items.length ? (
        <MiniTable
          label={t.title}
          head={[t.address, t.topics, t.result]}
          rows={items.map((hook) => ({
            id: hook.id,
            cells: [
              <Link
                key="address"
                to="/webhooks/$id"
                params={{ id: hook.id }}
                className="focus-ring break-all rounded-check text-accent-text hover:underline"
              >
                {hook.address}
              </Link>,
              hook.topics.map((one) => t.topicNames[one] ?? one).join(' · '),
              <HookState key="state" state={hook.state} />,
            ],
          }))}
        />
      ) : (
        <EmptyState title={t.empty} action={add}>
          {t.emptyWhy}
        </EmptyState>
      )}
      <Suspense>{open && <WebhookDialog topics={topics} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
