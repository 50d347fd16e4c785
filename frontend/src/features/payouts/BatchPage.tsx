import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Download, TriangleAlert, Upload } from 'lucide-react'
import { formatFen } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { buttonClass, LinkButton } from '../../shared/ui/Button'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Money } from '../../shared/ui/Text'
import { batchQuery } from './queries'
import { usePayouts } from './words'

export function BatchPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = usePayouts()
  const { id } = useParams({ strict: false }) as { id: string }
  const batch = useSuspenseQuery(batchQuery(id)).data
  const changed = batch.items.filter((one) => one.account_changed).length
  const decides = batch.actions.filter((one) => one !== 'file')
  return (
    <>
      <PageHeader
        title={batch.number}
        sub={`${t.layouts[batch.layout]} · ${formatTime(batch.created_at, 'date')}`}
        crumbs={[{ label: t.title, to: '/payouts' }]}
        tags={<State of="payout_batch" value={batch.state} />}
        actions={
          batch.actions.includes('file') && (
            <>
              {(['xlsx', 'csv'] as const).map((kind) => (
                <a key={kind} href={`/api/payout-batches/${id}/file.${kind}`} download className={buttonClass()}>
                  <Download size={16} aria-hidden />
                  {kind === 'csv' ? t.fileCsv : t.fileXlsx}
                </a>
              ))}
              {batch.state === 'sent' && (
                <LinkButton to={'/feeds' as string} search={{ kind: 'answers' } as never} icon={<Upload size={16} aria-hidden />}>
                  {t.answers}
                </LinkButton>
              )}
            </>
          )
        }
      />
      {batch.reason && <Banner tone="amber" title={`${t.reason}：${batch.reason}`} />}
      {batch.state === 'made' && !decides.includes('check') && <Banner tone="accent" title={t.own} />}
      {changed > 0 && batch.state === 'made' && (
        <Banner tone="amber" icon={<TriangleAlert size={18} aria-hidden />} title={t.changedOf(changed)} />
      )}
      <Columns
        aside={
          <>
            <Section>
              <Card>
                <Facts
                  items={[
                    { label: t.total, value: <Money fen={batch.total_fen} className="font-semibold text-head" /> },
                    { label: t.payouts, value: <span className="num">{batch.payouts}</span> },
                    { label: t.maker, value: batch.made_by },
                    !!batch.checked_by && { label: t.checker, value: batch.checked_by },
                    !!batch.sent_at && { label: t.result, value: t.progress(batch.paid, batch.failed, batch.payouts) },
                  ]}
                />
              </Card>
            </Section>
            <Section title={t.history}>
              <EventTimeline events={batch.events} of="payout_batch" />
            </Section>
          </>
        }
      >
        <Section title={t.payouts}>
          <MiniTable
            label={t.payouts}
            head={[t.partner, t.account, t.statement, t.amount, t.result]}
            end={[3]}
            rows={batch.items.map((one) => ({
              id: one.id,
              cells: [
                <span key="who">
                  <span className="font-medium">{one.holder}</span>
                  <span className="block whitespace-nowrap text-ink-3 text-small">{one.number}</span>
                </span>,
                <span key="account">
                  <span className="num">{one.account_number || '-'}</span>
                  <span className="block text-ink-3 text-small">{[one.bank, one.branch].filter(Boolean).join(' ')}</span>
                  {one.account_changed && <span className="block text-amber text-small">{t.changed}</span>}
                </span>,
                <Link
                  key="statement"
                  to={`/statements/${one.statement_id}` as string}
                  className="focus-ring whitespace-nowrap rounded-check hover:text-accent-text"
                >
                  {one.statement_number}
                </Link>,
                <Money key="amount" fen={one.amount_fen} className="font-medium" />,
                <span key="result">
                  <State of="payout" value={one.state} />
                  {(one.reason || one.reference) && <span className="block text-ink-3 text-small">{one.reason || one.reference}</span>}
                </span>,
              ],
            }))}
            footer={[t.total, '', '', <Money key="sum" fen={batch.total_fen} className="font-semibold" />, '']}
          />
        </Section>
      </Columns>
      {decides.length > 0 && (
        <DecisionBar>
          <Actions
            resource="payout-batches"
            id={id}
            allowed={decides}
            primary={['send', 'check']}
            touches={['payout', 'statement', 'period', 'home']}
            acts={[
              {
                id: 'check',
                label: t.acts.check,
                done: t.acts.checked,
                ask: { title: t.acts.checkAsk, help: t.acts.checkWhy(batch.payouts, formatFen(batch.total_fen)) },
              },
              { id: 'send', label: t.acts.send, done: t.acts.sent, ask: { title: t.acts.sendAsk, help: t.acts.sendWhy } },
              { id: 'reject', label: t.acts.reject, done: t.acts.rejected, ask: { title: t.acts.rejectAsk, reason: 'required' } },
              {
                id: 'cancel',
                label: t.acts.cancel,
                done: t.acts.cancelled,
                isDanger: true,
                ask: { title: t.acts.cancelAsk, reason: 'required' },
              },
            ]}
          />
        </DecisionBar>
      )}
    </>
  )
}
