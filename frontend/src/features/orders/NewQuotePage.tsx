import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { formatFen } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Checkbox } from '../../shared/ui/Choice'
import { TextField } from '../../shared/ui/Field'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { accountQuery, dealQuery, offerQuery, orderQuery, type Price } from './queries'
import { useOrders } from './words'

const AccountPicker = lazy(() => import('./Pickers').then((module) => ({ default: module.AccountPicker })))
const OfferPicker = lazy(() => import('./Pickers').then((module) => ({ default: module.OfferPicker })))
const Composer = lazy(() => import('./Composer').then((module) => ({ default: module.Composer })))

type Search = { deal?: string; account?: string; listing?: string; replaces?: string }

export function NewQuotePage() {
  const t = useOrders()
  const [search] = useFilters<Search>()
  return (
    <RecordPage>
      <PageHeader title={t.compose.title} crumbs={[{ label: t.quotes, to: '/quotes' }]} />
      {search.replaces ? (
        <ForOrder id={search.replaces} />
      ) : search.deal ? (
        <ForDeal id={search.deal} listing={search.listing} />
      ) : (
        <ForAccount account={search.account} listing={search.listing} />
      )}
    </RecordPage>
  )
}

/** A change of an order: the same customer and offer, beginning with what was ordered. */
function ForOrder({ id }: { id: string }) {
  const { compose: t } = useOrders()
  const order = useSuspenseQuery(orderQuery(id)).data
  return (
    <>
      <p className="mb-6 max-w-[720px] text-ink-2">{t.changing(order.number, formatFen(order.total_fen))}</p>
      <Compose
        base={{
          deal_id: order.deal_id,
          account_id: order.deal_id ? undefined : order.account_id,
          listing_id: order.listing_id,
          replaces_id: order.id,
        }}
        from={order.price}
      />
    </>
  )
}

/** Under a deal the customer is known and the offers are the ones recommended. */
function ForDeal({ id, listing }: { id: string; listing?: string }) {
  const { compose: t } = useOrders()
  const deal = useSuspenseQuery(dealQuery(id)).data
  const [chosen, setChosen] = useState(listing ?? deal.offers[0]?.id ?? null)
  return (
    <>
      <Section>
        <div className="grid max-w-[720px] gap-4 sm:grid-cols-2">
          <p>
            <span className="block text-small">{t.for}</span>
            <span className="block pt-2 font-medium">{deal.account_name}</span>
          </p>
          <NativeSelect
            label={t.offer}
            value={chosen ?? ''}
            onChange={setChosen}
            options={deal.offers.map((offer) => ({ id: offer.id, label: `${offer.name} · ${offer.partner_name}` }))}
          />
        </div>
      </Section>
      {chosen && <Compose key={chosen} base={{ deal_id: id, listing_id: chosen }} />}
    </>
  )
}

function ForAccount({ account, listing }: { account?: string; listing?: string }) {
  const { compose: t } = useOrders()
  const [who, setWho] = useState<string | null>(account ?? null)
  const [what, setWhat] = useState<string | null>(listing ?? null)
  const me = useMe()
  const partner = me.membership.tenant_kind === 'partner'
  const [isProspect, setProspect] = useState(partner && !account)
  const [prospect, setName] = useState('')
  const [city, setCity] = useState(me.membership.tenant_kind === 'city' ? me.membership.tenant_code : '')
  const { reference } = useReference()
  const named = prospect.trim()
  const base =
    what && (isProspect ? named && city && { prospect: named, city, listing_id: what } : who && { account_id: who, listing_id: what })
  const known = useQuery({ ...accountQuery(account ?? ''), enabled: !!account })
  const offer = useQuery({ ...offerQuery(listing ?? ''), enabled: !!listing })
  const fixed = (label: string, value?: string) => (
    <p>
      <span className="block text-small">{label}</span>
      <span className="block pt-2 font-medium">{value ?? '…'}</span>
    </p>
  )
  return (
    <>
      <Section>
        <div className="grid max-w-[720px] gap-4 sm:grid-cols-2">
          {account ? (
            fixed(t.for, known.data?.name)
          ) : isProspect ? (
            <TextField label={t.prospect} description={t.prospectHelp} value={prospect} onChange={setName} maxLength={80} />
          ) : (
            <AccountPicker value={who} onChange={setWho} />
          )}
          {listing ? fixed(t.offer, offer.data?.name) : <OfferPicker value={what} onChange={setWhat} />}
          {isProspect && me.membership.tenant_kind !== 'city' && (
            <NativeSelect
              label={t.city}
              value={city}
              onChange={setCity}
              options={[{ id: '', label: t.missing }, ...reference.cities.map((one) => ({ id: one.code, label: one.name }))]}
            />
          )}
        </div>
        {!account && !partner && (
          <Checkbox className="mt-3" isSelected={isProspect} onChange={setProspect}>
            {t.isProspect}
          </Checkbox>
        )}
      </Section>
      {base ? (
        <Compose key={`${isProspect ? city : who}${what}`} base={base} />
      ) : (
        <p className="rounded-card border border-line-strong border-dashed bg-sunken p-6 text-center text-ink-3">{t.chooseFirst}</p>
      )}
    </>
  )
}

type Base = { deal_id?: string; account_id?: string; prospect?: string; city?: string; replaces_id?: string; listing_id: string }

function Compose({ base, from }: { base: Base; from?: Price }) {
  return (
    <Part>
      <WithMenu base={base} from={from} />
    </Part>
  )
}

function WithMenu({ base, from }: { base: Base; from?: Price }) {
  const offer = useSuspenseQuery(offerQuery(base.listing_id)).data
  return <Composer base={base} menu={offer.elements} rules={offer.menu} from={from} />
}
