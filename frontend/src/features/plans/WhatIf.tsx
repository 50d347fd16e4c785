import { useQuery } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { type ApiProblem, explain } from '../../shared/api/problem'
import { cx } from '../../shared/lib/cx'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { Card, Figures, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { type WhatIf as Result, whatIfQuery } from './queries'
import { usePlans } from './words'

/** The last twelve months in Shanghai, newest first. */
function lastMonths() {
  const now = new Date(Date.now() + 8 * 3_600_000)
  return Array.from({ length: 12 }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  )
}

/** What the version would have paid over past months, beside what stands: in total, and who gains or loses. */
export default function WhatIf({ plan }: { plan: string }) {
  const t = usePlans().whatIf
  const months = lastMonths()
  const [from, setFrom] = useState(months[2] ?? '')
  const [to, setTo] = useState(months[0] ?? '')
  const [asked, setAsked] = useState<{ from: string; to: string }>()
  const run = useQuery({ ...whatIfQuery(plan, asked?.from ?? '', asked?.to ?? ''), enabled: !!asked })
  const options = months.map((id) => ({ id, label: id }))
  return (
    <Section title={t.title} sub={t.sub}>
      <Card>
        <div className="flex flex-wrap items-end gap-3">
          <NativeSelect label={t.from} value={from} onChange={setFrom} options={options} />
          <NativeSelect label={t.to} value={to} onChange={setTo} options={options} />
          <Button
            icon={<Play size={16} aria-hidden />}
            isDisabled={from > to}
            isPending={run.isFetching}
            onPress={() => setAsked({ from, to })}
          >
            {t.run}
          </Button>
        </div>
        {from > to && <p className="mt-2 text-cinnabar text-small">{t.order}</p>}
        {run.error && (
          <p role="alert" className="mt-3 text-cinnabar text-small">
            {explain(run.error as ApiProblem)}
          </p>
        )}
      </Card>
      <div aria-live="polite">{run.data && <Outcome result={run.data} />}</div>
    </Section>
  )
}

function Outcome({ result }: { result: Result }) {
  const t = usePlans().whatIf
  const change = result.would_fen - result.was_fen
  const up = result.parties.filter((one) => one.would_fen > one.was_fen).length
  const down = result.parties.filter((one) => one.would_fen < one.was_fen).length
  if (!result.events) return <p className="mt-4 text-ink-3">{t.none}</p>
  return (
    <div className="mt-4 flex flex-col gap-4">
      <Figures
        items={[
          { label: t.was, value: formatFen(result.was_fen, { trim: true }) },
          { label: t.would, value: formatFen(result.would_fen, { trim: true }) },
          {
            label: result.was_fen
              ? t.change(formatPpm(Math.round((Math.abs(change) * 1000) / result.was_fen) * 1000), change >= 0)
              : t.changed,
            value: formatFen(change, { trim: true, sign: true }),
          },
          { label: t.people(formatCount(result.events)), value: `${up} ↑ ${down} ↓` },
        ]}
      />
      <MiniTable
        label={t.title}
        head={[t.party, t.was, t.would, t.difference]}
        end={[1, 2, 3]}
        rows={result.parties.slice(0, 100).map((one) => ({
          id: one.id,
          cells: [one.name, formatFen(one.was_fen), formatFen(one.would_fen), <Change key="change" one={one} most={result.parties[0]} />],
        }))}
      />
      {result.parties.length > 100 && <p className="text-ink-3 text-small">{t.more}</p>}
    </div>
  )
}

/** By how much, with a bar to the side it goes. */
function Change({ one, most }: { one: Result['parties'][number]; most?: Result['parties'][number] }) {
  const fen = one.would_fen - one.was_fen
  const scale = Math.max(1, Math.abs((most?.would_fen ?? 0) - (most?.was_fen ?? 0)))
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span className={fen > 0 ? 'text-jade' : fen < 0 ? 'text-cinnabar' : 'text-ink-3'}>{formatFen(fen, { sign: true })}</span>
      <span aria-hidden className="relative h-3 w-24 rounded-check bg-neutral-soft">
        <span
          className={cx('absolute top-0 h-3 rounded-check', fen >= 0 ? 'left-1/2 bg-jade' : 'right-1/2 bg-cinnabar')}
          style={{ width: `${(50 * Math.abs(fen)) / scale}%` }}
        />
      </span>
    </span>
  )
}
