import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Calculator, CircleDot, Clock, ShieldCheck } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Due, Money, Time } from '../../shared/ui/Text'
import { useDealActs } from './acts'
import { type Deal, dealQuery } from './queries'
import { useDeals } from './words'

const FileLine = lazy(() => import('../../shared/ui/FileLine').then((module) => ({ default: module.FileLine })))
const Stages = lazy(() => import('./Stages').then((module) => ({ default: module.Stages })))
const Duplicates = lazy(() => import('./Duplicates').then((module) => ({ default: module.Duplicates })))

export function DealPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useDeals()
  const { id } = useParams({ strict: false }) as { id: string }
  const deal = useSuspenseQuery(dealQuery(id)).data
  const { acts, primary } = useDealActs(deal)
  const reviewing = deal.actions.includes('approve') || deal.actions.includes('start_review')
  const decisions = deal.actions.filter((action) => acts.some((act) => act.id === action))
  const canQuote = deal.actions.includes('quote')
  return (
    <>
      <PageHeader
        title={deal.account_name}
        crumbs={[{ label: t.title, to: '/deals' }]}
        tags={
          <>
            <State of="deal" value={deal.state} />
            <span className="text-ink-3">{deal.number}</span>
            {deal.due_at && /registered|under_review/.test(deal.state) && <Due at={deal.due_at} />}
          </>
        }
        actions={
          canQuote && (
            <LinkButton
              to={'/quotes/new' as string}
              search={{ deal: id } as never}
              variant={deal.state === 'protected' ? 'primary' : 'secondary'}
              icon={<Calculator size={16} aria-hidden />}
            >
              {t.quote}
            </LinkButton>
          )
        }
      />
      <Standing deal={deal} reviewing={reviewing} />
      <Part>
        <Stages deal={deal} />
      </Part>
      <Columns aside={<Aside deal={deal} />}>
        {reviewing && (
          <Part>
            <Duplicates deal={deal} />
          </Part>
        )}
        {deal.need && (
          <Section title={t.need}>
            <p className="whitespace-pre-line text-ink-2">{deal.need}</p>
          </Section>
        )}
        <Offers deal={deal} />
        <Papers deal={deal} />
        {deal.files.length > 0 && (
          <Section title={t.files}>
            <ul className="divide-y divide-line rounded-card border border-line px-4">
              {deal.files.map((file) => (
                <li key={file.id} className="py-3">
                  <Suspense>
                    <FileLine file={file} />
                  </Suspense>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </Columns>
      {decisions.length > 0 && (
        <DecisionBar>
          <Actions
            resource="deals"
            id={id}
            allowed={decisions}
            acts={acts}
            primary={reviewing ? primary : []}
            touches={['deal', 'home', 'account']}
          />
        </DecisionBar>
      )}
    </>
  )
}

function Standing({ deal, reviewing }: { deal: Deal; reviewing: boolean }) {
  const t = useDeals()
  const [title, why] = (reviewing && t.reviewTurn[deal.state]) || t.turn[deal.state] || ['', '']
  const kept = deal.state === 'protected' && deal.protected_until
  return (
    <Banner
      tone={
        reviewing || (kept && deal.full_until)
          ? 'amber'
          : kept || deal.state === 'won'
            ? 'jade'
            : /rejected|lost/.test(deal.state)
              ? 'cinnabar'
              : 'accent'
      }
      icon={
        reviewing ? <CircleDot size={18} aria-hidden /> : kept ? <ShieldCheck size={18} aria-hidden /> : <Clock size={18} aria-hidden />
      }
      title={title}
      action={kept && <Due at={kept} className="!text-body" />}
    >
      {kept && deal.full_until
        ? t.decayed(formatTime(deal.full_until, 'date'))
        : deal.reason || (kept ? `${why} ${deal.extended ? t.extendedOnce : t.canExtend}` : why)}
    </Banner>
  )
}

function Offers({ deal }: { deal: Deal }) {
  const t = useDeals()
  const { province } = useDomain()
  if (!deal.offers.length) return null
  return (
    <Section title={t.offers}>
      <ul className="divide-y divide-line rounded-card border border-line px-4">
        {deal.offers.map((offer) => (
          <li key={offer.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <Link to={`/market/${offer.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
              {offer.name} <span className="text-ink-3 text-small">{offer.partner_name}</span>
            </Link>
            <span className="text-ink-3 text-small">{offer.scope === 'province' ? province : offer.scope_name}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Papers({ deal }: { deal: Deal }) {
  const t = useDeals()
  const c = t.columnsQuote
  const link = (to: string, text: string) => (
    <Link to={to} className="focus-ring rounded-check text-accent-text hover:underline">
      {text}
    </Link>
  )
  return (
    <>
      {deal.quotes.length > 0 && (
        <Section title={t.quotes}>
          <MiniTable
            label={t.quotes}
            head={[c.number, c.solution, c.total, c.state]}
            end={[2]}
            rows={deal.quotes.map((quote) => ({
              id: quote.id,
              cells: [
                link(`/quotes/${quote.id}`, quote.number),
                quote.solution_name,
                <Money key="total" fen={quote.total_fen} />,
                <State key="state" of="quote" value={quote.state} />,
              ],
            }))}
          />
        </Section>
      )}
      {deal.orders.length > 0 && (
        <Section title={t.orders}>
          <MiniTable
            label={t.orders}
            head={[c.number, c.solution, c.total, c.state]}
            end={[2]}
            rows={deal.orders.map((order) => ({
              id: order.id,
              cells: [
                link(`/orders/${order.id}`, order.number),
                order.solution_name,
                <Money key="total" fen={order.total_fen} />,
                <State key="state" of="order" value={order.state} />,
              ],
            }))}
          />
        </Section>
      )}
    </>
  )
}

function Aside({ deal }: { deal: Deal }) {
  const t = useDeals()
  const d = useDomain()
  const { reference } = useReference()
  const city = reference.cities.find((one) => one.code === deal.city_code)
  const district = city?.districts.find((one) => one.code === deal.district_code)
  return (
    <>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.columns.amount, value: <Money fen={deal.amount_fen} trim /> },
              typeof deal.expected_commission_fen === 'number' && {
                label: t.columns.expected,
                value: <Money fen={deal.expected_commission_fen} trim className="font-semibold text-accent-text" />,
              },
              { label: t.columns.partner, value: deal.partner_name },
              { label: t.columns.agent, value: deal.agent_name },
              !!deal.close_on && { label: t.closeOn, value: deal.close_on },
              !!deal.protected_until && { label: t.until, value: <Time value={deal.protected_until} as="date" /> },
            ]}
          />
        </Card>
      </Section>
      <Section title={t.customer}>
        <Card>
          <Facts
            items={[
              { label: t.code, value: <span className="num">{deal.credit_code}</span> },
              { label: t.district, value: [city?.name, district?.name].filter(Boolean).join(' ') },
              !!deal.contact_name && { label: t.contact, value: deal.contact_name },
              !!deal.contact_phone && { label: t.phone, value: <span className="num">{deal.contact_phone}</span> },
            ]}
          />
          {deal.account_id && (
            <Link to={`/accounts/${deal.account_id}` as string} className="mt-3 inline-block text-accent-text hover:underline">
              {t.openAccount}
            </Link>
          )}
        </Card>
      </Section>
      <Section title={d.history}>
        <EventTimeline events={deal.events} of="deal" />
      </Section>
    </>
  )
}
