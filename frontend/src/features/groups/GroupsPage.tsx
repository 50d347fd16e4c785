import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { wordOf } from '../../shared/i18n/domain'
import { formatCount, formatPpm } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Card, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { type Group, groupsQuery } from './queries'
import { useGroups } from './words'

const GroupDialog = lazy(() => import('./GroupDialog'))

export function GroupsPage() {
  const t = useGroups()
  const can = useCan()
  const [making, setMaking] = useState(false)
  const create = can('promotion:write') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setMaking(true)}>
      {t.create}
    </Button>
  )
  return (
    <RecordPage width="full">
      <PageHeader title={t.title} sub={t.sub} actions={create} />
      <Part>
        <List />
      </Part>
      <Suspense>{making && <GroupDialog onClose={() => setMaking(false)} />}</Suspense>
    </RecordPage>
  )
}

const tones = { open: 'jade', closed: 'neutral', cancelled: 'amber' } as const

function List() {
  const t = useGroups()
  const groups = useSuspenseQuery(groupsQuery()).data.items
  if (!groups.length) return <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  return (
    <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {groups.map((group) => (
        <li key={group.id}>
          <One group={group} />
        </li>
      ))}
    </ul>
  )
}

function One({ group }: { group: Group }) {
  const t = useGroups()
  const can = useCan()
  const next = group.steps.find((step) => group.units < step.from)
  const reached = group.steps.findLast((step) => group.units >= step.from)
  return (
    <Card className="flex h-full flex-col gap-3">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h2 className="font-semibold">{group.name}</h2>
          <p className="text-ink-3 text-small">
            {group.solution_name} · {group.province ? t.province : t.city}
          </p>
        </div>
        <Tag tone={tones[group.state]}>{wordOf(t.states, group.state)}</Tag>
      </div>
      <Steps group={group} />
      <p className="num text-ink-2 text-small">
        {t.units(formatCount(group.units))} · {t.members(group.members, group.cities)}
      </p>
      <p className="text-small">
        {group.state === 'open' ? (
          <>
            {reached && <span className="text-jade">{t.reached(formatPpm(reached.ppm))} · </span>}
            {next ? t.next(formatCount(next.from - group.units), formatPpm(next.ppm)) : t.top} · {t.until(group.closes_on)}
          </>
        ) : group.reason ? (
          group.reason
        ) : group.reached_ppm ? (
          t.reached(formatPpm(group.reached_ppm))
        ) : (
          t.none
        )}
      </p>
      <div className="mt-auto flex flex-wrap gap-2">
        {group.state === 'open' && can('quote:write') && (
          <LinkButton to={'/quotes/new' as string} search={{ listing: group.listing_id } as never} size="small" variant="primary">
            {t.join}
          </LinkButton>
        )}
        <Actions
          resource="group-purchases"
          id={group.id}
          allowed={group.actions}
          size="small"
          touches={['group', 'quote', 'home']}
          acts={[
            { id: 'close', label: t.close, done: t.closed, ask: { title: t.askClose, help: t.askCloseWhy } },
            { id: 'cancel', label: t.cancel, done: t.cancelled, isDanger: true, ask: { title: t.askCancel, reason: 'required' } },
          ]}
        />
      </div>
    </Card>
  )
}

/** How far the units reach: a bar over all steps, each with its mark. */
function Steps({ group }: { group: Group }) {
  const t = useGroups()
  const most = group.steps.at(-1)?.from ?? 1
  return (
    <div>
      <div aria-hidden className="relative h-2 rounded-check bg-neutral-soft">
        <span className="block h-2 rounded-check bg-accent" style={{ width: `${Math.min(100, (100 * group.units) / most)}%` }} />
        {group.steps.slice(0, -1).map((step) => (
          <span
            key={step.from}
            className="absolute -top-0.5 h-3 w-0.5 bg-line-strong"
            style={{ left: `${Math.min(100, (100 * step.from) / most)}%` }}
          />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 text-ink-3 text-small">
        {group.steps.map((step) => (
          <li key={step.from} className={group.units >= step.from ? 'text-jade' : undefined}>
            {t.step(formatCount(step.from), formatPpm(step.ppm))}
          </li>
        ))}
      </ul>
    </div>
  )
}
