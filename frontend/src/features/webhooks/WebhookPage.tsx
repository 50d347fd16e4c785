import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { Card, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { toast } from '../../shared/ui/Toast'
import { HookState } from './HookState'
import { remove, rotate, trial, webhookQuery, webhooksQuery } from './queries'
import { useWebhooks } from './words'

const Deliveries = lazy(() => import('./Deliveries'))
const WebhookDialog = lazy(() => import('./WebhookDialog'))
const Secret = lazy(() => import('./Secret').then((module) => ({ default: module.Secret })))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))

export function WebhookPage() {
  const { id } = useParams({ from: '/_app/webhooks/$id' })
  return (
    <RecordPage>
      <Webhook id={id} />
    </RecordPage>
  )
}

function Webhook({ id }: { id: string }) {
  const t = useWebhooks()
  const navigate = useNavigate()
  const hook = useSuspenseQuery(webhookQuery(id)).data
  const { topics } = useSuspenseQuery(webhooksQuery).data
  const [open, setOpen] = useState<'edit' | 'rotate' | 'remove' | { secret: string }>()
  const close = () => setOpen(undefined)
  const may = (action: string) => hook.actions.includes(action)
  const options = { touches: ['webhook'], onError: (error: unknown) => void toast(explain(error), { bad: true }) }
  const test = useWrite({ ...options, run: () => trial(id), onDone: () => toast(t.tested) })
  const change = useWrite({ ...options, run: () => rotate(id), onDone: ({ secret }) => setOpen(secret ? { secret } : undefined) })
  const forget = useWrite({
    run: () => remove(id),
    onError: options.onError,
    onDone: () => {
      toast(t.removed)
      void navigate({ to: '/webhooks' })
    },
  })
  return (
    <>
      <PageHeader
        title={<span className="break-all">{new URL(hook.address).host}</span>}
        documentTitle={t.title}
        crumbs={[{ label: t.title, to: '/webhooks' }]}
        tags={<HookState state={hook.state} />}
        actions={
          <>
            {may('rotate') && <Button onPress={() => setOpen('rotate')}>{t.rotate}</Button>}
            {may('edit') && <Button onPress={() => setOpen('edit')}>{t.edit}</Button>}
            {may('test') && (
              <Button variant="primary" isPending={test.isPending} onPress={() => test.mutate()}>
                {t.test}
              </Button>
            )}
          </>
        }
      />
      {hook.state !== 'active' && (
        <Banner
          tone={hook.state === 'warned' ? 'amber' : 'neutral'}
          icon={<CircleAlert size={18} aria-hidden />}
          title={hook.state === 'warned' ? t.failures(hook.failures) : t.states.disabled}
        >
          {hook.state === 'warned' ? t.failuresWhy : t.disabledWhy}
        </Banner>
      )}
      <Section>
        <Card>
          <Facts
            wide
            items={[
              { label: t.address, value: <span className="break-all">{hook.address}</span> },
              { label: t.topics, value: hook.topics.map((one) => t.topicNames[one] ?? one).join(' · ') },
              !!hook.old_until &&
                new Date(hook.old_until) > new Date() && { label: t.secret, value: t.oldSecret(formatTime(hook.old_until, 'dateTime')) },
            ]}
          />
        </Card>
      </Section>
      <Part>
        <Deliveries hook={hook} />
      </Part>
      {may('delete') && (
        <Button variant="danger" className="self-start" onPress={() => setOpen('remove')}>
          {t.remove}
        </Button>
      )}
      <Suspense>
        {open === 'edit' && <WebhookDialog hook={hook} topics={topics} onClose={close} />}
        {open === 'rotate' && (
          <Confirm isOpen onClose={close} title={t.rotate} action={t.rotate} onConfirm={() => change.mutateAsync()}>
            {t.rotateWhy}
          </Confirm>
        )}
        {open === 'remove' && (
          <Confirm isOpen onClose={close} title={t.remove} action={t.remove} isDanger onConfirm={() => forget.mutateAsync()}>
            {t.removeWhy}
          </Confirm>
        )}
        {typeof open === 'object' && <Secret secret={open.secret} onClose={close} />}
      </Suspense>
    </>
  )
}
