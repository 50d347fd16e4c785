import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { CircleDot, Clock, Download } from 'lucide-react'
import { lazy } from 'react'
import { useCan } from '../../shared/api/session'
import { Actions } from '../../shared/ui/Actions'
import { buttonClass, LinkButton } from '../../shared/ui/Button'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Due, Money } from '../../shared/ui/Text'
import { statementQuery } from './queries'
import { useCommission } from './words'

const Paying = lazy(() => import('../payouts/Paying'))
const StatementLines = lazy(() => import('./StatementLines'))

export function StatementPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useCommission()
  const s = t.statement
  const can = useCan()
  const { id } = useParams({ strict: false }) as { id: string }
  const statement = useSuspenseQuery(statementQuery(id)).data
  const mine = statement.actions.includes('confirm')
  const disputed = statement.items.filter((line) => line.state === 'disputed').length
  return (
    <>
      <PageHeader
        title={s.title(statement.month)}
        sub={`${statement.partner_name} · ${statement.number}`}
        crumbs={[{ label: t.statements, to: '/statements' }]}
        tags={
          <>
            <State of="statement" value={statement.state} />
            {statement.state === 'issued' && statement.confirm_by && <Due at={statement.confirm_by} />}
          </>
        }
        actions={
          statement.actions.includes('export') && (
            <a href={`/api/statements/${id}/export.xlsx`} download className={buttonClass()}>
              <Download size={16} aria-hidden />
              {s.export}
            </a>
          )
        }
      />
      {statement.state === 'issued' && (
        <Banner
          tone={mine ? 'amber' : 'accent'}
          icon={mine ? <CircleDot size={18} aria-hidden /> : <Clock size={18} aria-hidden />}
          title={mine ? s.turn : s.waiting}
        >
          {mine && s.turnWhy}
        </Banner>
      )}
      {disputed > 0 && <Banner tone="amber" title={s.disputes(disputed)} />}
      <Columns
        aside={
          <>
            <Section
              title={s.sum}
              aside={
                <LinkButton
                  size="small"
                  variant="quiet"
                  to={`/commission/months/${statement.month}` as string}
                  search={{ partner_id: can('statement:issue') ? statement.partner_id : undefined } as never}
                >
                  {t.month_page.open}
                </LinkButton>
              }
            >
              <Card>
                <Facts
                  items={[
                    { label: t.col.total, value: <Money fen={statement.total_fen} /> },
                    statement.carry_in_fen !== 0 && {
                      label: t.col.carryIn,
                      value: <Money fen={statement.carry_in_fen} className="text-cinnabar" />,
                    },
                    statement.held_fen !== 0 && { label: t.col.held, value: <Money fen={-Math.abs(statement.held_fen)} /> },
                    { label: t.col.payable, value: <Money fen={statement.payable_fen} className="font-semibold text-head" /> },
                    statement.carry_out_fen !== 0 && { label: t.figures.carry, value: <Money fen={statement.carry_out_fen} /> },
                  ]}
                />
              </Card>
            </Section>
            {statement.events.length > 0 && (
              <Section title={s.history}>
                <EventTimeline events={statement.events} of="statement" />
              </Section>
            )}
          </>
        }
      >
        {statement.payable_fen > 0 && (
          <Part>
            <Paying statement={statement} />
          </Part>
        )}
        <Section title={t.lines} sub={t.linesSub}>
          <Part>
            <StatementLines statement={statement} />
          </Part>
        </Section>
      </Columns>
      {mine && (
        <DecisionBar>
          <Actions
            resource="statements"
            id={id}
            allowed={statement.actions}
            primary={['confirm']}
            touches={['statement', 'commission', 'home', 'period']}
            acts={[{ id: 'confirm', label: s.confirm, done: s.confirmed, ask: { title: s.confirmTitle, help: s.confirmWhy } }]}
          />
          <span className="ml-auto">
            <span className="mr-2 text-ink-3">{t.col.payable}</span>
            <Money fen={statement.payable_fen} className="font-semibold text-head" />
          </span>
        </DecisionBar>
      )}
    </>
  )
}
