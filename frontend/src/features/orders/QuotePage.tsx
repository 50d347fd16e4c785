import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { BadgeCheck, Download, Replace, UserPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { formatFen } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Button, buttonClass, LinkButton } from '../../shared/ui/Button'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { type Order, quoteQuery } from './queries'
import { useShares } from './shares'
import { useOrders } from './words'

const PriceSum = lazy(() => import('./PriceSum').then((module) => ({ default: module.PriceSum })))
const PriceLines = lazy(() => import('./PriceView').then((module) => ({ default: module.PriceLines })))
const Approvals = lazy(() => import('./Approvals'))
const CustomerDialog = lazy(() => import('./CustomerDialog'))
const InQuote = lazy(() => import('../bundles/InQuote'))
const QuoteGroup = lazy(() => import('../groups/QuoteGroup'))
const Net = lazy(() => import('./Net'))
const Shares = lazy(() => import('./Shares'))
const Composer = lazy(() => import('./Composer').then((module) => ({ default: module.Composer })))

export function QuotePage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useOrders()
  const q = t.quote
  const shares = useShares()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id: string }
  const quote = useSuspenseQuery(quoteQuery(id)).data
  const [editing, setEditing] = useState<number>()
  const [choosing, setChoosing] = useState(false)
  const changing = editing === quote.version && quote.actions.includes('edit')
  return (
    <>
      <PageHeader
        title={quote.account_name}
        documentTitle={q.title(quote.number)}
        sub={`${quote.solution_name} · ${quote.number}`}
        crumbs={[{ label: t.quotes, to: '/quotes' }]}
        tags={<State of="quote" value={quote.state} />}
        actions={
          <>
            <a href={`/api/quotes/${id}/quote.pdf`} download className={buttonClass('quiet')}>
              <Download size={16} aria-hidden />
              {shares.pdf}
            </a>
            {quote.actions.includes('edit') && !changing && <Button onPress={() => setEditing(quote.version)}>{q.edit}</Button>}
            {quote.order_id && (
              <LinkButton to={`/orders/${quote.order_id}` as string} variant="primary">
                {q.openOrder}
              </LinkButton>
            )}
            {!changing && (
              <Actions
                resource="quotes"
                id={id}
                allowed={quote.actions}
                acts={[{ id: 'order', label: q.order, done: q.ordered, ask: { title: q.orderAsk, help: q.orderWhy } }]}
                primary={['order']}
                touches={['quote', 'order', 'deal', 'home']}
                onDone={(order) => void navigate({ to: `/orders/${(order as Order).id}` as string })}
              />
            )}
          </>
        }
      />
      {changing ? (
        <Part>
          <Composer
            base={{
              deal_id: quote.deal_id,
              account_id: quote.deal_id ? undefined : quote.account_id,
              prospect: quote.account_id ? undefined : quote.account_name,
              city: quote.city,
              replaces_id: undefined,
              listing_id: quote.listing_id,
            }}
            menu={quote.menu}
            rules={quote.rules}
            quote={quote}
          />
        </Part>
      ) : (
        <Columns
          aside={
            <>
              <Section title={t.compose.price}>
                <Card>
                  <Suspense>
                    <PriceSum price={quote.price} />
                  </Suspense>
                </Card>
              </Section>
              <Suspense>{quote.margin && <Net margin={quote.margin} />}</Suspense>
            </>
          }
        >
          {quote.approval && quote.approvals.length > 0 && (
            <Suspense>
              <Approvals quote={quote} />
            </Suspense>
          )}
          {quote.replaces && (
            <Banner
              tone="amber"
              icon={<Replace size={18} aria-hidden />}
              title={q.replaces(quote.replaces.number)}
              action={
                <LinkButton to={`/orders/${quote.replaces.order_id}` as string} size="small">
                  {q.openOrder}
                </LinkButton>
              }
            >
              {q.replacesWhy(formatFen(quote.replaces.total_fen), formatFen(quote.total_fen))}
            </Banner>
          )}
          {quote.bundle && (
            <Suspense>
              <InQuote quote={quote} />
            </Suspense>
          )}
          {(quote.group || quote.actions.includes('join_group')) && (
            <Suspense>
              <QuoteGroup quote={quote} />
            </Suspense>
          )}
          {!quote.account_id && (
            <Banner
              tone="amber"
              icon={<UserPlus size={18} aria-hidden />}
              title={q.prospect}
              action={quote.actions.includes('edit') && <Button onPress={() => setChoosing(true)}>{q.choose}</Button>}
            >
              {q.prospectWhy}
            </Banner>
          )}
          {quote.accepted && (
            <Banner
              tone={quote.accepted.revision === quote.revision ? 'jade' : 'amber'}
              icon={<BadgeCheck size={18} aria-hidden />}
              title={shares.accepted(quote.accepted.by, quote.accepted.revision)}
            >
              {quote.accepted.revision === quote.revision ? shares.acceptedWhy : shares.acceptedOld}
            </Banner>
          )}
          <Section title={q.lines}>
            <Suspense>
              <PriceLines price={quote.price} />
            </Suspense>
          </Section>
          {quote.customer_note && (
            <Section title={q.note}>
              <p className="whitespace-pre-line text-ink-2">{quote.customer_note}</p>
            </Section>
          )}
          <Suspense>
            <Shares quote={quote} />
          </Suspense>
          <Section title={t.facts}>
            <Card>
              <Facts
                wide
                items={[
                  { label: q.validUntil, value: <Time value={quote.valid_until} as="date" /> },
                  !!quote.deal_id && {
                    label: q.openDeal,
                    value: (
                      <Link to={`/deals/${quote.deal_id}` as string} className="text-accent-text hover:underline">
                        {t.view}
                      </Link>
                    ),
                  },
                  !!quote.account_id && {
                    label: q.openAccount,
                    value: (
                      <Link to={`/accounts/${quote.account_id}` as string} className="text-accent-text hover:underline">
                        {quote.account_name}
                      </Link>
                    ),
                  },
                ]}
              />
            </Card>
          </Section>
        </Columns>
      )}
      <Suspense>{choosing && <CustomerDialog quote={quote} onClose={() => setChoosing(false)} />}</Suspense>
    </>
  )
}
