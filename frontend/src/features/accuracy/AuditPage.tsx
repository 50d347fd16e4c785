import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { formatCount } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Figures, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage } from '../../shared/ui/Record'
import { StatusTag } from '../../shared/ui/Tag'
import { auditQuery, type Detail } from './queries'
import { useAccuracy } from './words'

const Desk = lazy(() => import('./Desk'))

export function AuditPage() {
  return (
    <RecordPage>
      <AuditDetail />
    </RecordPage>
  )
}

function AuditDetail() {
  const t = useAccuracy()
  const { id } = useParams({ strict: false }) as { id: string }
  const audit = useSuspenseQuery(auditQuery(id)).data
  return (
    <>
      <PageHeader
        title={`${audit.city_name} ${audit.year} ${t.quarter(audit.quarter)}`}
        crumbs={[{ label: t.title, to: '/accuracy' }]}
        sub={`${t.of(audit.size, formatCount(audit.population))}，${t.drawnBy(audit.drawn_by, audit.seed)}`}
        tags={<StatusTag state={audit.state}>{t.auditStates[audit.state]}</StatusTag>}
        actions={
          <Actions
            resource="accuracy"
            id={id}
            allowed={audit.waiting === 0 ? audit.actions : audit.actions.filter((one) => one !== 'close')}
            acts={[{ id: 'close', label: t.close, done: t.closed, ask: { title: t.closeTitle } }]}
            primary={['close']}
            touches={['accuracy']}
          />
        }
      />
      {audit.actions.includes('check') && audit.waiting > 0 && (
        <Suspense>
          <Desk audit={audit} />
        </Suspense>
      )}
      <Section>
        <Figures
          items={[
            { label: t.result, value: audit.checked ? t.score(((100 * audit.right) / audit.checked).toFixed(1)) : '-' },
            { label: t.right, value: formatCount(audit.right) },
            { label: t.checked, value: formatCount(audit.checked) },
            { label: t.waiting, value: formatCount(audit.waiting) },
          ]}
        />
      </Section>
      <Fields audit={audit} />
      <Sample audit={audit} />
    </>
  )
}

function Fields({ audit }: { audit: Detail }) {
  const t = useAccuracy()
  return (
    <Section title={t.byField}>
      <ul className="flex flex-col gap-2 rounded-card border border-line p-4">
        {audit.fields.map((field) => {
          const all = field.right + field.wrong
          return (
            <li key={field.field} className="grid grid-cols-[6em_1fr_auto] items-center gap-3">
              <span>{t.fields[field.field]}</span>
              <span className="h-3 overflow-hidden rounded-full bg-neutral-soft" aria-hidden>
                <span className="block h-full bg-jade" style={{ width: `${all ? (100 * field.right) / all : 0}%` }} />
              </span>
              <span className="num text-small">
                {all ? t.score(((100 * field.right) / all).toFixed(0)) : '-'}
                <span className="ml-2 text-ink-3">{t.wrongOf(field.wrong, all)}</span>
              </span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function Sample({ audit }: { audit: Detail }) {
  const t = useAccuracy()
  return (
    <Section title={t.records}>
      <MiniTable
        label={t.records}
        head={[t.column.n, t.column.account, t.column.state, t.column.found, t.column.by]}
        end={[0]}
        rows={audit.records.map((one) => {
          const wrong = one.findings.filter((finding) => !finding.right)
          return {
            id: one.id,
            cells: [
              one.position,
              <Link key="account" to={`/accounts/${one.account_id}` as string} className="hover:text-accent-text">
                {one.account_name}
              </Link>,
              <StatusTag key="state" state={one.state === 'checked' ? 'approved' : one.state === 'waiting' ? 'submitted' : one.state}>
                {t.sampleStates[one.state]}
              </StatusTag>,
              one.findings.length ? (
                wrong.length ? (
                  <span key="wrong" className="text-cinnabar text-small">
                    {t.wrong(wrong.length)}：{wrong.map((finding) => t.fields[finding.field]).join('、')}
                  </span>
                ) : (
                  t.fine
                )
              ) : one.tries ? (
                t.tries(one.tries)
              ) : (
                ''
              ),
              one.checked_by ?? '',
            ],
          }
        })}
      />
    </Section>
  )
}
