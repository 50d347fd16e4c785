import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useReference } from '../../shared/api/reference'
import { wordOf } from '../../shared/i18n/domain'
import { formatPpm } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Money } from '../../shared/ui/Text'
import { flagQuery } from './queries'
import { useFlags } from './words'

export function FlagPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useFlags()
  const { id } = useParams({ strict: false }) as { id: string }
  const flag = useSuspenseQuery(flagQuery(id)).data
  const { reference, name } = useReference()
  return (
    <>
      <PageHeader
        title={flag.partner_name}
        documentTitle={flag.number}
        sub={`${t.kinds[flag.kind]} · ${flag.number}`}
        crumbs={[{ label: t.title, to: '/flags' }]}
        tags={<State of="flag" value={flag.state} />}
      />
      {flag.proposal && (
        <Banner
          tone={flag.state === 'proposed' ? 'amber' : 'accent'}
          title={`${t.proposal}：${wordOf(t.proposals, flag.proposal)}`}
        >{`${t.by(flag.proposed_by ?? '')}。${flag.reason ?? ''}`}</Banner>
      )}
      <Columns
        aside={
          <>
            <Section>
              <Card>
                <Facts
                  items={[
                    { label: t.held, value: <Money fen={flag.held_fen} className="font-semibold text-head" /> },
                    { label: t.count, value: t.countOf(flag.count, flag.of_count) },
                  ]}
                />
                <p className="mt-3 border-line border-t pt-3 text-ink-2 text-small">{flag.what}</p>
                <p className="mt-1 text-ink-3 text-small">{t.threshold(flag.min_count, formatPpm(flag.min_ppm))}</p>
              </Card>
            </Section>
            <Section title={t.history}>
              <EventTimeline events={flag.events} of="flag" />
            </Section>
          </>
        }
      >
        <Section title={t.evidence}>
          <MiniTable
            label={t.evidence}
            head={[t.account, t.date, t.ended, t.amount, t.commission]}
            end={[3, 4]}
            rows={flag.evidence.map((one) => ({
              id: one.id,
              cells: [
                <span key="account">
                  <span className="font-medium">{one.account_name}</span>
                  <span className="block text-ink-3 text-small">
                    {[name(reference.families, one.product), one.order_number].filter(Boolean).join(' · ')}
                  </span>
                </span>,
                one.business_date,
                one.ended_on ?? '-',
                <Money key="amount" fen={one.amount_fen} />,
                <Money key="commission" fen={one.commission_fen} />,
              ],
            }))}
          />
        </Section>
      </Columns>
      {flag.actions.length > 0 && (
        <DecisionBar>
          <Actions
            resource="flags"
            id={id}
            allowed={flag.actions}
            primary={['uphold', 'clear']}
            touches={['flag', 'commission', 'statement', 'home']}
            acts={[
              {
                id: 'uphold',
                label: t.acts.uphold,
                done: t.acts.upheld,
                isDanger: true,
                ask: { title: t.acts.upholdAsk, help: t.acts.upholdWhy },
              },
              { id: 'clear', label: t.acts.clear, done: t.acts.cleared, ask: { title: t.acts.clearAsk, help: t.acts.clearWhy } },
              {
                id: 'propose_clear',
                label: t.acts.propose_clear,
                done: t.acts.proposed,
                ask: { title: t.acts.propose_clearAsk, reason: 'required' },
              },
              {
                id: 'propose_uphold',
                label: t.acts.propose_uphold,
                done: t.acts.proposed,
                ask: { title: t.acts.propose_upholdAsk, reason: 'required' },
              },
              { id: 'return', label: t.acts.return, done: t.acts.returned, ask: { title: t.acts.returnAsk, reason: 'required' } },
            ]}
          />
        </DecisionBar>
      )}
    </>
  )
}
