import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartColumn, Table2 } from 'lucide-react'
import { useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { optionsOf } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Figures, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { coverageQuery, type Filter, type Row } from './queries'
import { useCoverage } from './words'

export function CoveragePage() {
  return (
    <RecordPage>
      <Coverage />
    </RecordPage>
  )
}

const rate = (part: number, whole: number) => (whole ? (100 * part) / whole : 0)
const percent = (value: number) => `${value.toFixed(1)}%`
const signed = (value: number) => `${value > 0 ? '+' : ''}${value.toFixed(1)}`

function Coverage() {
  const t = useCoverage()
  const [filter, set] = useFilters<Filter>()
  const now = new Date().getFullYear()
  const year = filter.year ?? String(now)
  const rows = useSuspenseQuery(coverageQuery({ year, segment: filter.segment })).data.items
  const [asTable, setAsTable] = useState(false)
  const sum = (pick: (row: Row) => number) => rows.reduce((total, row) => total + pick(row), 0)
  const [targets, covered] = [sum((row) => row.targets), sum((row) => row.covered)]
  const before = rate(
    sum((row) => row.last_covered),
    sum((row) => row.last_targets),
  )
  const any = targets > 0
  return (
    <>
      <PageHeader title={t.title} sub={t.sub} />
      <div className="mb-6 flex flex-wrap gap-3">
        <NativeSelect
          label={t.year}
          value={year}
          onChange={(next) => set({ year: next === String(now) ? undefined : next })}
          options={[now + 1, now, now - 1, now - 2].map((one) => ({ id: String(one), label: String(one) }))}
        />
        <NativeSelect
          label={t.segment}
          value={filter.segment ?? ''}
          onChange={(segment) => set({ segment: segment || undefined })}
          options={[{ id: '', label: t.all }, ...optionsOf(t.segments)]}
        />
      </div>
      {any ? (
        <>
          <Section>
            <Figures
              items={[
                {
                  label: t.rate,
                  value: percent(rate(covered, targets)),
                  context: `${t.change} ${t.points(signed(rate(covered, targets) - before))}`,
                },
                { label: t.targets, value: formatCount(targets) },
                { label: t.covered, value: formatCount(covered) },
                { label: t.last, value: percent(before) },
              ]}
            />
          </Section>
          <Section
            title={t.chart(year)}
            sub={asTable ? undefined : t.open}
            aside={
              <Button
                size="small"
                variant="quiet"
                icon={asTable ? <ChartColumn size={16} aria-hidden /> : <Table2 size={16} aria-hidden />}
                onPress={() => setAsTable(!asTable)}
              >
                {asTable ? t.asChart : t.asTable}
              </Button>
            }
          >
            {asTable ? <Table rows={rows} filter={{ ...filter, year }} /> : <Bars rows={rows} filter={{ ...filter, year }} />}
          </Section>
        </>
      ) : (
        <EmptyState title={t.empty} action={<LinkButton to={'/accounts' as string}>{t.toAccounts}</LinkButton>}>
          {t.emptyWhy}
        </EmptyState>
      )}
    </>
  )
}

function usePlaces() {
  const { reference } = useReference()
  const { membership } = useMe()
  const city = membership.tenant_kind === 'city'
  const names = new Map(
    reference.cities.flatMap(
      (one) => [[one.code, one.name], ...one.districts.map((place) => [place.code, place.name])] as [string, string][],
    ),
  )
  return {
    name: (code: string) => names.get(code) ?? code,
    search: (row: Row, filter: Filter) =>
      ({ target: filter.year, segment: filter.segment, [city ? 'district' : 'city']: row.place }) as never,
  }
}

/** One bar a place, the year before as a tick on it; each opens its targets. */
function Bars({ rows, filter }: { rows: Row[]; filter: Filter }) {
  const t = useCoverage()
  const { name, search } = usePlaces()
  const sorted = [...rows].filter((row) => row.targets > 0).sort((a, b) => rate(b.covered, b.targets) - rate(a.covered, a.targets))
  const top = Math.max(10, ...sorted.map((row) => Math.max(rate(row.covered, row.targets), rate(row.last_covered, row.last_targets))))
  return (
    <ul className="flex flex-col gap-1 rounded-card border border-line p-3">
      {sorted.map((row) => {
        const value = rate(row.covered, row.targets)
        const last = rate(row.last_covered, row.last_targets)
        return (
          <li key={row.place}>
            <Link
              to={'/accounts' as string}
              search={search(row, filter)}
              className="focus-ring grid grid-cols-[4.5em_1fr_auto] md:grid-cols-[5.5em_1fr_auto] items-center gap-3 rounded-check px-2 py-1.5 hover:bg-sunken"
            >
              <span className="truncate">{name(row.place)}</span>
              <span className="relative h-4 rounded-check bg-neutral-soft">
                <span className="block h-4 rounded-check bg-accent" style={{ width: `${(100 * value) / top}%` }} />
                {row.last_targets > 0 && (
                  <span
                    title={`${t.last} ${percent(last)}`}
                    className="absolute -top-0.5 h-5 w-0.5 bg-ink"
                    style={{ left: `${Math.min(99.5, (100 * last) / top)}%` }}
                  />
                )}
              </span>
              <span className="num text-right text-small md:w-40">
                <span className="font-medium">{percent(value)}</span>
                <span className="ml-2 text-ink-3">
                  {formatCount(row.covered)}/{formatCount(row.targets)}
                </span>
                {row.last_targets > 0 && (
                  <span className={value >= last ? 'ml-2 text-jade' : 'ml-2 text-cinnabar'}>
                    <span className="sr-only">{t.change} </span>
                    {signed(value - last)}
                  </span>
                )}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

function Table({ rows, filter }: { rows: Row[]; filter: Filter }) {
  const t = useCoverage()
  const { name, search } = usePlaces()
  return (
    <MiniTable
      label={t.title}
      head={[t.place, t.targets, t.segments.government_body, t.segments.industrial, t.segments.leader, t.covered, t.rate, t.last, t.change]}
      end={[1, 2, 3, 4, 5, 6, 7, 8]}
      rows={rows.map((row) => ({
        id: row.place,
        cells: [
          <Link key="place" to={'/accounts' as string} search={search(row, filter)} className="hover:text-accent-text">
            {name(row.place)}
          </Link>,
          formatCount(row.targets),
          formatCount(row.government),
          formatCount(row.industrial),
          formatCount(row.leader),
          formatCount(row.covered),
          percent(rate(row.covered, row.targets)),
          row.last_targets ? percent(rate(row.last_covered, row.last_targets)) : '-',
          row.last_targets ? signed(rate(row.covered, row.targets) - rate(row.last_covered, row.last_targets)) : '-',
        ],
      }))}
    />
  )
}
