import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useLocale } from '../../shared/i18n'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatFen } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { BarChart } from '../../shared/ui/Chart'
import { DataTable } from '../../shared/ui/DataTable'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Hero } from './Hero'
import { LineCard, useLineColumns } from './lines'
import { type LineFilter, linesQuery, statementsQuery, summaryQuery } from './queries'
import { StatementCard, useStatementColumns } from './StatementTable'
import { useCommission } from './words'

export function CommissionPage() {
  const t = useCommission()
  const can = useCan()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <Summary />
      {can('statement:read') && (
        <Part>
          <Statements />
        </Part>
      )}
      <Part>
        <Lines />
      </Part>
    </RecordPage>
  )
}

function Summary() {
  const t = useCommission()
  const lang = useLocale()
  const summary = useSuspenseQuery(summaryQuery).data
  const label = (month: string) =>
    lang === 'zh' ? `${Number(month.slice(5))}月` : new Date(`${month}-15`).toLocaleDateString('en-GB', { month: 'short' })
  // axis: ten thousands of yuan when there are any
  const format = (fen: number) =>
    Math.abs(fen) >= 1_000_000 && fen % 100_000 === 0 ? t.wan(String(fen / 1_000_000)) : formatFen(fen, { trim: true })
  const some = summary.months.some((month) => month.settled_fen || month.pending_fen)
  return (
    <>
      <Hero summary={summary} />
      {some && (
        <Section
          title={t.months}
          sub={
            <>
              {t.monthsSub} ·{' '}
              <Link
                to={`/commission/months/${summary.months.at(-1)?.month}` as string}
                className="focus-ring rounded-check text-accent-text underline"
              >
                {t.month_page.open}
              </Link>
            </>
          }
        >
          <BarChart
            title={t.months}
            bars={summary.months.map((month) => ({
              label: label(month.month),
              value: Math.max(0, month.settled_fen),
              pending: Math.max(0, month.pending_fen),
            }))}
            format={format}
            words={{ label: t.month, value: t.settled, pending: t.pending }}
          />
        </Section>
      )}
    </>
  )
}

function Statements() {
  const t = useCommission()
  const columns = useStatementColumns()
  const { rows, total } = usePages(statementsQuery({}))
  const shown = rows.slice(0, 6)
  if (!shown.length) return null
  return (
    <Section
      title={t.statements}
      aside={
        total > shown.length && (
          <LinkButton size="small" variant="quiet" to={'/statements' as string}>
            {t.seeAll}
          </LinkButton>
        )
      }
    >
      <DataTable
        id="statements.some"
        label={t.statements}
        columns={columns}
        rows={shown}
        rowKey={(row) => row.id}
        href={(row) => `/statements/${row.id}`}
        card={(row) => <StatementCard row={row} />}
      />
    </Section>
  )
}

const states = ['held', 'due', 'in_statement', 'disputed', 'paid'] as const

function Lines() {
  const t = useCommission()
  const d = useDomain()
  const columns = useLineColumns()
  const [filter, set] = useFilters<LineFilter>()
  const list = usePages(linesQuery(filter))
  const filtered = !!(filter.q || filter.state || filter.month || filter.kind)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <Section title={t.lines} sub={t.linesSub}>
      <DataTable
        id="lines"
        label={t.lines}
        columns={columns}
        rows={list.rows}
        rowKey={(line) => line.id}
        href={(line) => `/commission/lines/${line.id}`}
        hasMore={list.hasMore}
        onMore={list.onMore}
        card={(line) => <LineCard line={line} />}
        toolbar={
          <>
            <StateTabs
              label={t.col.state}
              value={filter.state ?? 'all'}
              onChange={(state) => set({ state: state === 'all' ? undefined : state })}
              items={[
                { id: 'all', label: d.all, count: count('all') },
                ...states.map((id) => ({ id: id as string, label: d.states.line[id], count: count(id) })),
              ]}
            />
            {(filter.month || filter.kind) && (
              <Button size="small" onPress={() => set({ month: undefined, kind: undefined })}>
                {[filter.month, filter.kind && wordOf(t.month_page.kinds, filter.kind)].filter(Boolean).join(' · ')} ×
              </Button>
            )}
            <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          </>
        }
        empty={
          <EmptyState
            title={filtered ? t.noMatch : t.emptyLines}
            action={
              filtered && (
                <Button onPress={() => set({ q: undefined, state: undefined, month: undefined, kind: undefined })}>{t.clear}</Button>
              )
            }
          >
            {filtered ? undefined : t.emptyLinesWhy}
          </EmptyState>
        }
      />
    </Section>
  )
}
