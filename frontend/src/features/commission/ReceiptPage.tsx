import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy } from 'react'
import { useReference } from '../../shared/api/reference'
import { wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { Money } from '../../shared/ui/Text'
import { useLineActs } from './acts'
import { receiptQuery } from './queries'
import { useCommission } from './words'

const DisputeTalk = lazy(() => import('./DisputeTalk'))

export function ReceiptPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useCommission()
  const r = t.receipt
  const { id } = useParams({ strict: false }) as { id: string }
  const receipt = useSuspenseQuery(receiptQuery(id)).data
  const { line } = receipt
  const acts = useLineActs()
  const { reference, name } = useReference()
  return (
    <>
      <PageHeader
        title={line.account_name}
        documentTitle={`${r.title} ${line.account_name}`}
        sub={`${name(reference.families, line.product)} · ${t.event[line.event_kind]} · ${line.business_date}`}
        crumbs={[{ label: t.title, to: '/commission' }]}
        tags={
          <>
            <State of="line" value={line.state} />
            <span className="text-ink-3">{t.kind[line.kind]}</span>
          </>
        }
        actions={
          <Actions
            resource="commission/lines"
            id={id}
            allowed={line.actions}
            acts={acts}
            primary={['settle_dispute']}
            touches={['commission', 'statement', 'home']}
          />
        }
      />
      {line.dispute && receipt.talk.length === 0 && (
        <Banner tone="amber" title={r.yourDispute}>
          {line.dispute}
        </Banner>
      )}
      <Columns
        aside={
          <Card>
            <Facts
              items={[
                { label: r.result, value: <Money fen={line.share_fen} className="font-semibold text-accent-text text-head" /> },
                { label: r.plan, value: `${receipt.plan} ${r.version(receipt.plan_version)}` },
                { label: r.rule, value: receipt.rule_note || receipt.rule_id },
                { label: t.col.due, value: line.due_on },
                !!line.order_number && { label: r.order, value: line.order_number },
                !!line.statement_id && {
                  label: r.statement,
                  value: (
                    <Link to={`/statements/${line.statement_id}` as string} className="text-accent-text hover:underline">
                      {line.month}
                    </Link>
                  ),
                },
              ]}
            />
          </Card>
        }
      >
        {receipt.talk.length > 0 && (
          <Part>
            <DisputeTalk receipt={receipt} />
          </Part>
        )}
        <Section title={r.steps}>
          <ol className="overflow-hidden rounded-card border border-line">
            {receipt.steps.map((step, index) => (
              <li
                key={step.code + step.text}
                className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 border-line px-4 py-3 not-first:border-t md:grid-cols-[24px_88px_minmax(0,1fr)_auto]"
              >
                <span className="num text-ink-3">{index + 1}</span>
                <span className="text-ink-3">{wordOf(r.step, step.code)}</span>
                <span className="col-start-2 md:col-start-3">{step.text}</span>
                {step.result_fen !== undefined && (
                  <Money fen={step.result_fen} className="col-start-2 font-medium md:col-start-4 md:text-right" />
                )}
              </li>
            ))}
            <li className="flex justify-between gap-3 border-line border-t bg-sunken px-4 py-3 font-semibold">
              {r.result}
              <Money fen={line.share_fen} />
            </li>
          </ol>
        </Section>
        {receipt.why_not_more.length > 0 && (
          <Section title={r.whyNot}>
            <ul className="list-outside list-disc pl-5 text-ink-2">
              {receipt.why_not_more.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          </Section>
        )}
      </Columns>
    </>
  )
}
