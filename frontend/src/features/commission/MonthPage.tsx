import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { wordOf } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { formatCount } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Figures, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Money } from '../../shared/ui/Text'
import { type MonthDetail, monthQuery } from './queries'
import { useCommission } from './words'

export function MonthPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

const shift = (month: string, by: number) => {
  const [year = 0, n = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, n - 1 + by, 1)).toISOString().slice(0, 7)
}

function Detail() {
  const t = useCommission()
  const m = t.month_page
  const { month } = useParams({ strict: false }) as { month: string }
  const [{ partner_id }] = useFilters<{ partner_id?: string }>()
  const detail = useSuspenseQuery(monthQuery(month, partner_id)).data
  const next = shift(month, 1)
  const to = (other: string) => `/commission/months/${other}` as string
  return (
    <>
      <PageHeader
        title={m.title(month)}
        sub={m.sub(detail.before)}
        crumbs={[{ label: t.title, to: '/commission' }]}
        actions={
          <>
            <LinkButton to={to(detail.before)} search={{ partner_id } as never} icon={<ChevronLeft size={16} aria-hidden />}>
              {detail.before}
            </LinkButton>
            {next <= new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7) && (
              <LinkButton to={to(next)} search={{ partner_id } as never} icon={<ChevronRight size={16} aria-hidden />}>
                {next}
              </LinkButton>
            )}
          </>
        }
      />
      <Section>
        <Figures
          items={[
            { label: detail.before, value: <Money fen={detail.was_fen} trim /> },
            { label: month, value: <Money fen={detail.now_fen} trim /> },
            {
              label: m.change,
              value: (
                <Money
                  fen={detail.now_fen - detail.was_fen}
                  trim
                  className={detail.now_fen < detail.was_fen ? 'text-cinnabar' : 'text-jade'}
                />
              ),
            },
          ]}
        />
      </Section>
      {detail.moves.length > 0 && (
        <Section title={m.moves} sub={m.movesSub}>
          <Waterfall detail={detail} />
        </Section>
      )}
      <Section title={m.where} sub={m.whereSub}>
        <Standings detail={detail} />
      </Section>
    </>
  )
}

type Step = { id: string; label: string; from: number; to: number; whole?: boolean; note?: string }

/** From last month to this one, each kind of line a step that opens into its lines. */
function Waterfall({ detail }: { detail: MonthDetail }) {
  const m = useCommission().month_page
  let at = detail.was_fen
  const steps: Step[] = [{ id: 'was', label: detail.before, from: 0, to: at, whole: true }]
  for (const one of detail.moves) {
    const to = at + one.now_fen - one.was_fen
    steps.push({ id: one.kind, label: wordOf(m.kinds, one.kind), from: at, to, note: m.lines(one.was_lines, one.now_lines) })
    at = to
  }
  steps.push({ id: 'now', label: detail.month, from: 0, to: detail.now_fen, whole: true })
  const low = Math.min(0, ...steps.map((one) => Math.min(one.from, one.to)))
  const high = Math.max(1, ...steps.map((one) => Math.max(one.from, one.to)))
  const percent = (fen: number) => (100 * (fen - low)) / (high - low)
  return (
    <Card flush>
      <ol aria-label={m.moves}>
        {steps.map((one) => {
          const left = percent(Math.min(one.from, one.to))
          const width = Math.max(0.6, percent(Math.max(one.from, one.to)) - left)
          const change = one.to - one.from
          return (
            <li key={one.id} className="border-line not-first:border-t">
              <Link
                to={'/commission' as string}
                search={{ month: one.id === 'was' ? detail.before : detail.month, kind: one.whole ? undefined : one.id } as never}
                className="focus-ring grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken md:grid-cols-[140px_minmax(0,1fr)_120px]"
              >
                <span className={cx(one.whole && 'font-medium')}>
                  {one.label}
                  {one.note && <span className="block text-ink-3 text-small">{one.note}</span>}
                </span>
                <span aria-hidden className="order-last col-span-2 h-5 rounded-check bg-sunken md:order-none md:col-span-1">
                  <span
                    className={cx('block h-5 rounded-check', one.whole ? 'bg-accent' : change < 0 ? 'bg-cinnabar' : 'bg-jade')}
                    style={{ marginLeft: `${left}%`, width: `${width}%` }}
                  />
                </span>
                <span className="num text-right font-medium">
                  {!one.whole && change > 0 && '+'}
                  <Money fen={one.whole ? one.to : change} />
                </span>
              </Link>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}

/** Where each event of the month stands, and what keeps it from being paid. */
function Standings({ detail }: { detail: MonthDetail }) {
  const t = useCommission()
  const m = t.month_page
  const { reference, name } = useReference()
  if (!detail.standings.length) return <EmptyState title={m.none}>{m.noneWhy}</EmptyState>
  return (
    <div className="flex flex-col gap-4">
      {detail.standings.map((group) => (
        <Card key={group.code} flush>
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-line border-b bg-sunken px-4 py-3">
            <h3 className="font-medium">
              {group.text}
              {group.until && <span className="ml-2 font-normal text-ink-3 text-small">{m.until(group.until)}</span>}
            </h3>
            <span>
              <span className="mr-3 text-ink-3 text-small">{m.events(formatCount(group.events))}</span>
              <Money fen={group.fen} className="font-medium" />
            </span>
          </div>
          <ul className="divide-y divide-line">
            {group.some.map((one, at) => {
              const row = (
                <span className="flex items-baseline justify-between gap-4 px-4 py-2.5">
                  <span>
                    {one.account_name || '-'}
                    <span className="block text-ink-3 text-small">{`${name(reference.families, one.product)} · ${one.business_date}`}</span>
                  </span>
                  <Money fen={one.line_id ? one.share_fen : one.amount_fen} className={one.line_id ? undefined : 'text-ink-3'} />
                </span>
              )
              return (
                <li key={one.line_id ?? at}>
                  {one.line_id ? (
                    <Link to={`/commission/lines/${one.line_id}` as string} className="focus-ring block hover:bg-sunken">
                      {row}
                    </Link>
                  ) : (
                    row
                  )}
                </li>
              )
            })}
          </ul>
          {group.events > group.some.length && (
            <p className="border-line border-t px-4 py-2 text-ink-3 text-small">{m.more(formatCount(group.events - group.some.length))}</p>
          )}
        </Card>
      ))}
    </div>
  )
}
