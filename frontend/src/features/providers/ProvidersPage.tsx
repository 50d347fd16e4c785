import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { Card, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { toast } from '../../shared/ui/Toast'
import { Copied, Domains } from './Domains'
import { checkProvider, type Provider, providersQuery } from './queries'
import { useProviders } from './words'

const ProviderDialog = lazy(() => import('./ProviderDialog'))

export function ProvidersPage() {
  return (
    <RecordPage>
      <Providers />
    </RecordPage>
  )
}

function Providers() {
  const t = useProviders()
  const { items, domains, callback, actions } = useSuspenseQuery(providersQuery).data
  const [open, setOpen] = useState<Provider | 'new'>()
  const add = actions.includes('add') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen('new')}>
      {t.add}
    </Button>
  )
  return (
    <div className="max-w-[760px]">
      <PageHeader title={t.title} sub={t.sub} actions={items.length > 0 && add} />
      {items.length ? (
        items.map((one) => <One key={one.id} provider={one} onEdit={() => setOpen(one)} />)
      ) : (
        <EmptyState title={t.empty} action={add} className="mb-8">
          {t.emptyWhy}
        </EmptyState>
      )}
      <Domains items={domains} />
      <Section title={t.callback}>
        <Card>
          <Copied text={callback} />
        </Card>
      </Section>
      <Suspense>{open && <ProviderDialog provider={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}</Suspense>
    </div>
  )
}

function One({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const t = useProviders()
  const check = useWrite({
    run: (id: string) => checkProvider(id),
    onDone: ({ ok, detail }) => toast(ok ? t.works(provider.name) : t.fails(detail ?? ''), { bad: !ok }),
    onError: (error) => void toast(explain(error), { bad: true }),
  })
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          {provider.name}
          <Tag tone={provider.active ? 'jade' : 'neutral'}>{provider.active ? t.on : t.off}</Tag>
        </span>
      }
      aside={
        <span className="flex flex-wrap justify-end gap-2">
          {provider.actions.includes('check') && (
            <Button size="small" isPending={check.isPending} onPress={() => check.mutate(provider.id)}>
              {t.check}
              <span className="sr-only"> {provider.name}</span>
            </Button>
          )}
          {provider.actions.includes('edit') && (
            <Button size="small" onPress={onEdit}>
              {t.edit}
              <span className="sr-only"> {provider.name}</span>
            </Button>
          )}
        </span>
      }
    >
      <Card>
        <Facts
          wide
          items={[
            { label: t.domains, value: provider.domains.join(' ') },
            { label: t.issuer, value: <span className="break-all">{provider.issuer}</span> },
            { label: t.clientId, value: <span className="break-all">{provider.client_id}</span> },
            { label: t.factor, value: provider.vouches ? t.yes : t.no },
          ]}
        />
      </Card>
    </Section>
  )
}
