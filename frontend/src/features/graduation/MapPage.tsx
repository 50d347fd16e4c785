import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { optionsOf } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Card, PageHeader, Section } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { MapTable } from './MapTable'
import { mapQuery, type Spot } from './queries'
import { useRooms } from './rooms'
import { Scatter } from './Scatter'

const OverrideDialog = lazy(() => import('./OverrideDialog'))

type Filter = { quarter?: string; view?: string }

export function MapPage() {
  return (
    <RecordPage width="market">
      <ProductMap />
    </RecordPage>
  )
}

function ProductMap() {
  const t = useRooms().map
  const { reference, name } = useReference()
  const [filter, set] = useFilters<Filter>()
  const map = useSuspenseQuery(mapQuery(filter.quarter)).data
  const [asTable, setAsTable] = useState(false)
  const [placing, setPlacing] = useState<Spot>()
  const growth = filter.view === 'growth'
  const family = (spot: Spot) => name(reference.families, spot.family)
  return (
    <>
      <PageHeader
        title={t.title}
        sub={map.computed_at ? `${t.sub} · ${t.computed(formatTime(map.computed_at, 'dateTime'))}` : t.sub}
        actions={<ExportLink path="/api/product-map/export.xlsx" filter={{ quarter: map.quarter }} />}
      />
      {map.items.length === 0 ? (
        <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
      ) : (
        <>
          <div className="mb-5 flex flex-wrap items-end gap-3">
            <NativeSelect
              label={t.quarter}
              hideLabel
              value={map.quarter}
              onChange={(quarter) => set({ quarter: quarter === map.quarters[0] ? undefined : quarter })}
              options={map.quarters.map((id) => ({ id, label: id }))}
            />
            <NativeSelect
              label={t.title}
              hideLabel
              value={growth ? 'growth' : 'place'}
              onChange={(view) => set({ view: view === 'growth' ? view : undefined })}
              options={optionsOf(t.views)}
            />
            <Button variant="quiet" onPress={() => setAsTable(!asTable)}>
              {asTable ? t.asChart : t.asTable}
            </Button>
          </div>
          <Section>
            {asTable ? (
              <MapTable spots={map.items} family={family} onPlace={map.can_override ? setPlacing : undefined} />
            ) : (
              <Scatter map={map} growth={growth} family={family} onPlace={map.can_override ? setPlacing : undefined} />
            )}
          </Section>
          <Section title={t.formulas}>
            <Card>
              <p className="whitespace-pre-line text-ink-2">{t.formula}</p>
            </Card>
          </Section>
        </>
      )}
      <Suspense>{placing && <OverrideDialog spot={placing} family={family(placing)} onClose={() => setPlacing(undefined)} />}</Suspense>
    </>
  )
}
