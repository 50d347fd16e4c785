import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCan } from '../../shared/api/session'
import { base64 } from '../../shared/lib/bytes'
import { formatCount, formatFen } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Button, buttonClass } from '../../shared/ui/Button'
import { Card, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { TriggerButton } from '../../shared/ui/TriggerButton'
import { type FeedRead, importFeed, type Kind, paths } from './queries'
import { useFeeds } from './words'

const most = 4_000_000

const samples: Record<Kind, string> = {
  billing: `POST /api/commission/events
{"events": [{"id": "BOSS-202611-S2026000001", "kind": "recurring", "service_number": "S2026000001",
  "at": "2026-11-01T00:00:00+08:00", "month": 3, "amount_fen": 128000, "units": 20}]}`,
  answers: `POST /api/payouts/answers
{"answers": [{"number": "PB202611-001-0001", "result": "paid", "amount_fen": 691300, "reference": "ICBC20261126001"},
  {"number": "PB202611-001-0002", "result": "failed", "reason": "..."}]}`,
  usage: `POST /api/usage
{"facts": [{"id": "GW-20261126-000001", "service_number": "S2026000001",
  "element": "短信", "day": "2026-11-26", "quantity": 5120}]}`,
}

const needs: Record<Kind, string> = { billing: 'commission:send', usage: 'usage:send', answers: 'payout:answer' }

/** Billing months, usage and the bank's answers from outside: a file is tried, then imported. */
export function FeedsPage() {
  const t = useFeeds()
  const can = useCan()
  const [filter, set] = useFilters<{ kind?: string }>()
  const kinds = (['billing', 'usage', 'answers'] as const).filter((kind) => can(needs[kind]))
  const kind = kinds.find((one) => one === filter.kind) ?? kinds[0] ?? 'usage'
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      {kinds.length > 1 && (
        <div className="mb-4">
          <SegmentedControl
            label={t.title}
            value={kind}
            onChange={(next) => set({ kind: next === kinds[0] ? undefined : next })}
            items={kinds.map((id) => ({ id, label: t.kinds[id] }))}
          />
        </div>
      )}
      <Import key={kind} kind={kind} />
      <Section title={t.api} sub={t.apiWhy}>
        <Card>
          <pre className="whitespace-pre-wrap break-words text-small">{samples[kind]}</pre>
        </Card>
      </Section>
    </RecordPage>
  )
}

function Import({ kind }: { kind: Kind }) {
  const t = useFeeds()
  const [file, setFile] = useState<{ name: string; content: string }>()
  const [read, setRead] = useState<FeedRead>()
  const write = useWrite({
    run: ({ content, apply }: { name: string; content: string; apply: boolean }, { headers }) => importFeed(kind, content, apply, headers),
    touches: ['commission', 'order', 'payout', 'statement', 'period', 'home'],
    onDone: (result, { name, content, apply }) => {
      setRead(result)
      setFile(result.faults.length || apply ? undefined : { name, content })
      if (result.applied) toast(t.applied(formatCount(result.accepted)))
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const pick = (files: FileList | null) => {
    const one = files?.[0]
    if (!one) return
    setRead(undefined)
    if (one.size > most) toast(t.tooBig, { bad: true })
    else void base64(one).then((content) => write.mutate({ name: one.name, content, apply: false }))
  }
  const name = write.variables?.name ?? ''
  return (
    <Section title={t.kinds[kind]} sub={t.why[kind]}>
      <Card>
        <p>{t.columns[kind]}</p>
        <p className="mb-4 text-ink-3 text-small">{t.once}</p>
        <div className="flex flex-wrap gap-2">
          <FileTrigger acceptedFileTypes={['.xlsx', '.csv']} onSelect={pick}>
            <TriggerButton icon={<Upload size={16} aria-hidden />}>{t.choose}</TriggerButton>
          </FileTrigger>
          <a href={`${paths[kind]}/template.xlsx`} download className={buttonClass('quiet')}>
            <Download size={16} aria-hidden />
            {t.template}
          </a>
        </div>
        {read && (
          <div className="mt-4 border-line border-t pt-4" aria-live="polite">
            <p className="mb-2 font-medium">{t.found(name, formatCount(read.rows))}</p>
            <Facts
              items={[
                !read.faults.length && { label: t.fresh, value: <span className="num">{formatCount(read.accepted)}</span> },
                !read.faults.length && { label: t.repeated, value: <span className="num">{formatCount(read.repeated)}</span> },
                read.bad_rows > 0 && { label: t.bad, value: <span className="num text-cinnabar">{formatCount(read.bad_rows)}</span> },
                read.total_fen !== undefined && { label: t.sum, value: <span className="num">{formatFen(read.total_fen)}</span> },
              ]}
            />
            {read.faults.length > 0 && (
              <div className="mt-4">
                <h3 className="font-medium">{t.faults}</h3>
                <p className="text-ink-3 text-small">{t.faultsWhy}</p>
                <ul className="mt-2 max-h-80 overflow-auto text-small">
                  {read.faults.map((one) => (
                    <li key={`${one.row} ${one.cell} ${one.message}`} className="flex gap-3 border-line border-b py-1.5">
                      <span className="num shrink-0 text-ink-3">{t.row(one.row, one.cell ?? '')}</span>
                      <span>{one.message}</span>
                    </li>
                  ))}
                </ul>
                {read.faults.length === 200 && <p className="mt-2 text-ink-3 text-small">{t.more('200')}</p>}
              </div>
            )}
            {file && !read.applied && (
              <div className="mt-4">
                {read.accepted > 0 ? (
                  <Button
                    variant="primary"
                    isPending={write.isPending && write.variables.apply}
                    onPress={() => write.mutate({ ...file, apply: true })}
                  >
                    {t.apply}
                  </Button>
                ) : (
                  <p className="text-ink-3 text-small">{t.nothing}</p>
                )}
              </div>
            )}
            {read.applied && <p className="mt-4 text-jade">{t.applied(formatCount(read.accepted))}</p>}
          </div>
        )}
      </Card>
    </Section>
  )
}
