import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { wordOf } from '../../shared/i18n/domain'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { Card, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { type Bundle, bundlesQuery } from './queries'
import { useBundles } from './words'

const BundleDialog = lazy(() => import('./BundleDialog'))
const QuoteDialog = lazy(() => import('./QuoteDialog'))

export function BundlesPage() {
  const t = useBundles()
  const can = useCan()
  const [making, setMaking] = useState(false)
  return (
    <RecordPage width="full">
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          can('promotion:write') && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setMaking(true)}>
              {t.create}
            </Button>
          )
        }
      />
      <Part>
        <List />
      </Part>
      <Suspense>{making && <BundleDialog onClose={() => setMaking(false)} />}</Suspense>
    </RecordPage>
  )
}

function List() {
  const t = useBundles()
  const can = useCan()
  const bundles = useSuspenseQuery(bundlesQuery).data.items
  const [quoting, setQuoting] = useState<Bundle>()
  if (!bundles.length) return <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  return (
    <>
      <ul className="grid gap-4 lg:grid-cols-2">
        {bundles.map((bundle) => (
          <li key={bundle.id}>
            <One bundle={bundle} onQuote={can('quote:write') ? () => setQuoting(bundle) : undefined} />
          </li>
        ))}
      </ul>
      <Suspense>{quoting && <QuoteDialog bundle={quoting} onClose={() => setQuoting(undefined)} />}</Suspense>
    </>
  )
}

function One({ bundle, onQuote }: { bundle: Bundle; onQuote?: () => void }) {
  const t = useBundles()
  const offers = [...new Set(bundle.items.map((item) => item.listing_id))].map((id) =>
    bundle.items.filter((item) => item.listing_id === id),
  )
  const list = bundle.items.reduce((sum, item) => sum + item.list_fen, 0)
  return (
    <Card className="flex h-full flex-col gap-3">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h2 className="font-semibold">{bundle.name}</h2>
          <p className="text-ink-3 text-small">
            {bundle.summary ? `${bundle.summary} · ` : ''}
            {bundle.province ? t.province : t.city}
          </p>
        </div>
        {bundle.state === 'active' && bundle.ppm > 0 ? (
          <Tag tone="jade">{t.off(formatPpm(bundle.ppm))}</Tag>
        ) : (
          <Tag>{wordOf(t.states, bundle.state)}</Tag>
        )}
      </div>
      <ul className="flex flex-col gap-2 text-small">
        {offers.map((items) => (
          <li key={items[0]?.listing_id}>
            <p>
              {items[0]?.solution_name} <span className="text-ink-3">{items[0]?.supplier_name}</span>
            </p>
            <ul className="text-ink-2">
              {items.map((item) => (
                <li key={item.element} className="flex justify-between gap-3 pl-3">
                  <span>
                    {item.element} × {formatCount(item.quantity)} {item.unit}
                  </span>
                  {bundle.available && <span className="num shrink-0">{formatFen(item.amount_fen)}</span>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {bundle.available ? (
        <p className="num mt-auto flex flex-wrap items-baseline gap-x-4 gap-y-1">
          {bundle.one_off_fen > 0 && (
            <span>
              <span className="text-ink-3 text-small">{t.oneOff} </span>
              <span className="font-semibold">{formatFen(bundle.one_off_fen)}</span>
            </span>
          )}
          {bundle.monthly_fen > 0 && (
            <span>
              <span className="text-ink-3 text-small">{t.monthly} </span>
              <span className="font-semibold">{formatFen(bundle.monthly_fen)}</span>
            </span>
          )}
          <span className="text-ink-3 text-small">{t.list(formatFen(list))}</span>
        </p>
      ) : (
        <p className="mt-auto text-amber text-small">{bundle.reason || t.unavailable}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {onQuote && bundle.available && (
          <Button size="small" variant="primary" onPress={onQuote}>
            {t.quote}
          </Button>
        )}
        <Actions
          resource="bundles"
          id={bundle.id}
          allowed={bundle.actions}
          size="small"
          touches={['bundle']}
          acts={[{ id: 'end', label: t.end, done: t.ended, isDanger: true, ask: { title: t.askEnd, reason: 'required' } }]}
        />
      </div>
    </Card>
  )
}
