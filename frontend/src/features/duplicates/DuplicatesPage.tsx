import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { usePages } from '../../shared/api/pages'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { PageHeader } from '../../shared/ui/Layout'
import { RecordPage, useTotal } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Tag } from '../../shared/ui/Tag'
import { toast } from '../../shared/ui/Toast'
import { dismiss, duplicatesQuery, type Filter, type Pair } from './queries'
import { useDuplicates } from './words'

const MergeDialog = lazy(() => import('./MergeDialog'))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))

export function DuplicatesPage() {
  return (
    <RecordPage>
      <List />
    </RecordPage>
  )
}

function List() {
  const t = useDuplicates()
  const common = useCommon()
  const total = useTotal()
  const [filter, set] = useFilters<Filter>()
  const state = (filter.state ?? 'open') as keyof typeof t.states
  const list = usePages(duplicatesQuery({ ...filter, state }))
  const [merging, setMerging] = useState<Pair>()
  const [asking, setAsking] = useState<Pair>()
  const drop = useWrite({
    run: (pair: Pair, { headers }) => dismiss(pair.id, headers),
    touches: ['duplicate', 'account'],
    onDone: () => {
      setAsking(undefined)
      toast(t.dismissed)
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <>
      <PageHeader title={t.title} sub={t.sub(total(list.total))} />
      <div className="mb-4">
        <SegmentedControl
          label={t.stateLabel}
          value={state}
          onChange={(next) => set({ state: next === 'open' ? undefined : next })}
          items={optionsOf(t.states)}
        />
      </div>
      {list.rows.length === 0 ? (
        <EmptyState title={t.empty[state]}>{t.emptyWhy}</EmptyState>
      ) : (
        <ul className="flex flex-col gap-3">
          {list.rows.map((pair) => (
            <PairCard key={pair.id} pair={pair} onMerge={() => setMerging(pair)} onDismiss={() => setAsking(pair)} />
          ))}
        </ul>
      )}
      {list.hasMore && (
        <Button className="mt-4" onPress={list.onMore}>
          {common.loadMore}
        </Button>
      )}
      <Suspense>
        {merging && <MergeDialog pair={merging} onClose={() => setMerging(undefined)} />}
        {asking && (
          <Confirm
            isOpen
            onClose={() => setAsking(undefined)}
            title={t.dismissTitle}
            action={t.dismiss}
            onConfirm={() => drop.mutateAsync(asking)}
          >
            {t.dismissWhy}
          </Confirm>
        )}
      </Suspense>
    </>
  )
}

function PairCard({ pair, onMerge, onDismiss }: { pair: Pair; onMerge: () => void; onDismiss: () => void }) {
  const t = useDuplicates()
  const { reference } = useReference()
  const place = (row: Pair['one']) => {
    const city = reference.cities.find((one) => one.code === row.city_code)
    return [city?.name, city?.districts.find((one) => one.code === row.district_code)?.name].filter(Boolean).join(' ')
  }
  const apart = pair.one.city_code !== pair.other.city_code
  return (
    <li className="rounded-card border border-line p-4">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Tag tone="amber">{t.reasons[pair.reason]}</Tag>
        {pair.reason === 'similar_name' && <span className="num text-ink-3 text-small">{t.score(pair.score)}</span>}
        <span className="ml-auto flex flex-wrap gap-2">
          {apart && <span className="text-ink-3 text-small">{t.twoCities}</span>}
          {pair.actions.includes('dismiss') && (
            <Button size="small" onPress={onDismiss}>
              {t.dismiss}
            </Button>
          )}
          {pair.actions.includes('merge') && (
            <Button size="small" onPress={onMerge}>
              {t.merge}
            </Button>
          )}
          {pair.decided_by && <span className="text-ink-3 text-small">{pair.decided_by}</span>}
        </span>
      </div>
      <div className="grid gap-3 md:grid-cols-2">
        {[pair.one, pair.other].map((row) => (
          <div key={row.id} className="min-w-0 rounded-control bg-sunken p-3">
            <Link to={`/accounts/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
              {row.name}
            </Link>
            <span className="num block text-ink-3 text-small">{row.credit_code}</span>
            <span className="block text-ink-2 text-small">
              {place(row)} · {row.tier} · {row.owner_name || t.unowned}
            </span>
          </div>
        ))}
      </div>
    </li>
  )
}
