import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Dices } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { type Audit, yearQuery } from './queries'
import { useAccuracy } from './words'

const DrawDialog = lazy(() => import('./DrawDialog'))

export function AccuracyPage() {
  return (
    <RecordPage>
      <Year />
    </RecordPage>
  )
}

function Year() {
  const t = useAccuracy()
  const [filter, set] = useFilters<{ year?: string }>()
  const data = useSuspenseQuery(yearQuery(filter.year)).data
  const present = new Date().getMonth() < 3 ? new Date().getFullYear() - 1 : new Date().getFullYear()
  const [drawing, setDrawing] = useState(false)
  return (
    <>
      <PageHeader
        title={t.title}
        sub={t.sub(data.year)}
        actions={
          data.actions.includes('draw') && (
            <Button variant="primary" icon={<Dices size={16} aria-hidden />} onPress={() => setDrawing(true)}>
              {t.draw}
            </Button>
          )
        }
      />
      <NativeSelect
        label={t.year}
        className="mb-5 w-40"
        value={String(data.year)}
        onChange={(year) => set({ year: year === String(present) ? undefined : year })}
        options={[present, present - 1, present - 2].map((one) => ({ id: String(one), label: String(one) }))}
      />
      {data.items.length === 0 ? (
        <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
      ) : (
        <MiniTable
          label={t.title}
          head={[t.columns.city, t.columns.year, ...Object.values(t.columns.quarters)]}
          end={[1]}
          rows={data.items.map((city) => ({
            id: city.city_code,
            cells: [
              <span key="city" className="font-medium">
                {city.city_name}
              </span>,
              <span key="year" className="font-semibold">
                {city.permille === undefined ? '-' : t.score((city.permille / 10).toFixed(1))}
              </span>,
              ...[1, 2, 3, 4].map((quarter) => <Quarter key={quarter} audit={city.audits.find((one) => one.quarter === quarter)} />),
            ],
          }))}
        />
      )}
      <Suspense>{drawing && <DrawDialog quarter={data.quarter} onClose={() => setDrawing(false)} />}</Suspense>
    </>
  )
}

function Quarter({ audit }: { audit?: Audit }) {
  const t = useAccuracy()
  if (!audit) return <span className="text-ink-3 text-small">{t.none}</span>
  return (
    <Link to={`/accuracy/${audit.id}` as string} className="focus-ring block rounded-check hover:text-accent-text">
      <span className="num">{audit.checked ? t.score(((100 * audit.right) / audit.checked).toFixed(1)) : '-'}</span>
      {audit.state === 'open' && <span className="block text-amber text-meta">{t.running(audit.size)}</span>}
    </Link>
  )
}
