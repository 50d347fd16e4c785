import { useSuspenseQuery } from '@tanstack/react-query'
import { Check, CircleDashed, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocale } from '../../shared/i18n'
import { sayFact, useDomain, wordOf } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { Figures, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Money } from '../../shared/ui/Text'
import { type Certification, type Listing, type ReviewRow, recordQuery } from './queries'
import { useReviews } from './words'

/** The record behind a row of the queue. */
export function useRecord(row: ReviewRow): Certification | Listing {
  return useSuspenseQuery<Certification | Listing>(recordQuery(row) as never).data
}

export function Evidence({ row }: { row: ReviewRow }) {
  const record = useRecord(row)
  return 'stages' in record ? <Report one={record} /> : <Offer listing={record} />
}

function Verdict({ ok }: { ok: boolean | undefined }) {
  const t = useReviews()
  const [Icon, tone, word] =
    ok === undefined
      ? ([CircleDashed, 'text-ink-3', t.untested] as const)
      : ok
        ? ([Check, 'text-jade', t.met] as const)
        : ([X, 'text-cinnabar', t.notMet] as const)
  return (
    <span className={`inline-flex items-center gap-1 ${tone}`}>
      <Icon size={15} aria-hidden />
      {word}
    </span>
  )
}

/** The test report, failures first. */
function Report({ one }: { one: Certification }) {
  const t = useReviews()
  const d = useDomain()
  const lang = useLocale()
  const stages = one.stages.filter((stage) => stage.checks.length)
  const checks = stages.flatMap((stage) => stage.checks)
  const rank = { fail: 0, open: 1, pass: 2, not_applicable: 3 }
  const rows = checks.filter((check) => check.measured || check.result === 'fail').sort((a, b) => rank[a.result] - rank[b.result])
  const shown = rows.slice(0, 12)
  const findings = one.findings.filter((finding) => finding.state !== 'closed')
  return (
    <>
      <Section title={t.report}>
        <Figures
          items={stages.map((stage) => {
            const failed = stage.checks.filter((check) => check.result === 'fail').length
            const open = stage.checks.filter((check) => check.result === 'open').length
            const good = stage.checks.length - failed - open
            const tone = failed ? 'text-cinnabar' : open ? 'text-ink-3' : 'text-jade'
            const Icon = failed ? X : open ? CircleDashed : Check
            return {
              label: d.certificationStage[stage.kind],
              value: (
                <>
                  {good}
                  <span className="font-normal text-body text-ink-3"> / {stage.checks.length}</span>
                </>
              ),
              context: (
                <span className={cx('inline-flex items-center gap-1', tone)}>
                  <Icon size={14} aria-hidden />
                  {failed ? t.notPassed(failed) : open ? t.open(open) : t.allPassed}
                </span>
              ),
            }
          })}
        />
        {shown.length > 0 && (
          <div className="mt-4">
            <MiniTable
              label={t.report}
              head={[t.indicator, t.measured, t.threshold, t.verdict]}
              end={[1, 2]}
              rows={shown.map((check) => ({
                id: check.id,
                cells: [
                  check[lang],
                  <span key="m" className={check.result === 'fail' ? 'font-medium text-cinnabar' : undefined}>
                    {check.measured || '-'}
                  </span>,
                  <span key="t" className="text-ink-3">
                    {check.threshold || '-'}
                  </span>,
                  <Verdict key="v" ok={check.result === 'open' ? undefined : check.result !== 'fail'} />,
                ],
              }))}
            />
            {rows.length > shown.length && <p className="mt-2 text-ink-3 text-small">{t.others(rows.length - shown.length)}</p>}
          </div>
        )}
      </Section>
      {findings.length > 0 && <List title={t.findings} items={findings.map((finding) => ({ id: finding.id, text: finding.text }))} />}
      {one.changes.length > 0 && <List title={t.changes} items={one.changes.map((text) => ({ id: text, text }))} />}
    </>
  )
}

function List({ title, items }: { title: string; items: { id: string; text: ReactNode }[] }) {
  return (
    <Section title={title}>
      <ul className="list-outside list-disc pl-5 text-ink-2">
        {items.map((item) => (
          <li key={item.id}>{item.text}</li>
        ))}
      </ul>
    </Section>
  )
}

/** What an approver of a listing decides on. */
function Offer({ listing }: { listing: Listing }) {
  const t = useReviews()
  const d = useDomain()
  const facts = [...listing.evidence].sort((a, b) => Number(a.met ?? true) - Number(b.met ?? true))
  return (
    <>
      {facts.length > 0 && (
        <Section title={t.evidence}>
          <MiniTable
            label={t.evidence}
            head={[t.fact, t.value, t.need, t.verdict]}
            end={[1, 2]}
            rows={facts.map((fact) => ({
              id: fact.code,
              cells: [
                wordOf(t.facts, fact.code),
                <span key="v" className={fact.met === false ? 'font-medium text-cinnabar' : undefined}>
                  {sayFact(fact, t)}
                </span>,
                <span key="n" className="text-ink-3">
                  {fact.need || '-'}
                </span>,
                fact.met === undefined ? '-' : <Verdict key="r" ok={fact.met} />,
              ],
            }))}
          />
        </Section>
      )}
      {listing.summary && <p className="mb-8 text-ink-2">{listing.summary}</p>}
      <Section title={t.price}>
        <MiniTable
          label={t.price}
          head={[t.element, '']}
          end={[1]}
          rows={listing.elements.map((element, index) => ({
            id: element.id ?? String(index),
            cells: [
              `${element.name}${element.required ? ` · ${d.required}` : ''}`,
              <span key="p">
                <Money fen={element.price_fen} trim />
                <span className="text-ink-3">
                  /{element.unit} {d.billing[element.billing]}
                </span>
              </span>,
            ],
          }))}
        />
      </Section>
    </>
  )
}
