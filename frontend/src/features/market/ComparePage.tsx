import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useReference } from '../../shared/api/reference'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { useMedia } from '../../shared/lib/useMedia'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { EmptyState, Skeleton } from '../../shared/ui/States'
import { Money, Time } from '../../shared/ui/Text'
import { mostCompared, type OfferDetail, offerQuery } from './queries'
import { useMarket } from './words'

/** Up to four offers side by side; what a reader may not see is left out, and said. */
export function ComparePage() {
  const t = useMarket()
  const [filter, set] = useFilters<{ ids?: string[] }>()
  const ids = (filter.ids ?? []).slice(0, mostCompared)
  const answers = useQueries({ queries: ids.map((id) => ({ ...offerQuery(id), retry: false })) })
  const offers = answers.flatMap((answer) => (answer.data ? [answer.data] : []))
  const drop = (id: string) => set({ ids: ids.filter((one) => one !== id) })
  const gone = answers.filter((answer) => answer.isError).length
  return (
    <Page width="market">
      <PageHeader title={t.compareTitle} crumbs={[{ label: t.title, to: '/market' }]} sub={gone ? t.compareGone(gone) : undefined} />
      {answers.some((answer) => answer.isPending) ? (
        <Skeleton className="h-96 rounded-card" />
      ) : offers.length === 0 ? (
        <EmptyState title={t.compareEmpty} action={<LinkButton to={'/market' as string}>{t.browse}</LinkButton>}>
          {t.compareEmptyWhy}
        </EmptyState>
      ) : (
        <Table offers={offers} onDrop={drop} />
      )}
    </Page>
  )
}

function Table({ offers, onDrop }: { offers: OfferDetail[]; onDrop: (id: string) => void }) {
  const t = useMarket()
  const d = useDomain()
  const { reference, name } = useReference()
  const phone = useMedia('(width < 768px)')
  const elements = [...new Set(offers.flatMap((offer) => offer.elements.map((element) => element.name)))]
  const price = (offer: OfferDetail, element: string): ReactNode => {
    const found = offer.elements.find((one) => one.name === element)
    return found ? (
      <>
        <Money fen={found.price_fen} trim />
        <span className="text-ink-3">
          /{found.unit} · {d.billing[found.billing]}
          {found.required && ` · ${d.required}`}
        </span>
      </>
    ) : (
      <span className="text-ink-3">{t.without}</span>
    )
  }
  const rows: [string, (offer: OfferDetail) => ReactNode][] = [
    [t.partner, (offer) => `${offer.partner_name} · ${wordOf(d.tier, offer.partner_tier)}`],
    [t.price, (offer) => <span className="num">{t.from(formatFen(offer.from_fen, { trim: true }))}</span>],
    ...(offers.some((offer) => offer.commission_ppm)
      ? [[t.rate, (offer: OfferDetail) => (offer.commission_ppm ? formatPpm(offer.commission_ppm) : '-')] as (typeof rows)[number]]
      : []),
    [t.industry, (offer) => name(reference.industries, offer.industry)],
    [t.category, (offer) => name(reference.categories, offer.category)],
    [t.reached, (offer) => <span className="num">{t.cities(offer.cities, formatCount(offer.accounts))}</span>],
    [
      t.certificate,
      (offer) =>
        offer.certificate ? (
          <>
            {t.validTo} <Time value={offer.certificate.valid_until} as="date" />
          </>
        ) : (
          '-'
        ),
    ],
    [t.since, (offer) => <Time value={offer.live_at} as="date" />],
    ...elements.map((element) => [element, (offer: OfferDetail) => price(offer, element)] as (typeof rows)[number]),
    [t.description, (offer) => <span className="line-clamp-6 whitespace-pre-line text-ink-2">{offer.description}</span>],
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="overflow-x-auto rounded-card border border-line" tabIndex={0} aria-label={t.compareTitle}>
      <table className="w-full table-fixed" style={{ minWidth: phone ? 84 + offers.length * 132 : 140 + offers.length * 200 }}>
        <caption className="sr-only">{t.compareTitle}</caption>
        <thead className="bg-sunken">
          <tr>
            <td className="w-36 phone:w-21" />
            {offers.map((offer) => (
              <th key={offer.id} scope="col" className="p-3 text-left align-top font-semibold phone:px-2">
                <span className="flex items-start justify-between gap-2">
                  <Link to={`/market/${offer.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
                    {offer.name}
                  </Link>
                  <Button variant="quiet" size="small" aria-label={t.drop(offer.name)} onPress={() => onDrop(offer.id)}>
                    <X size={15} aria-hidden />
                  </Button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, cell]) => (
            <tr key={label} className="border-line border-t">
              <th scope="row" className="p-3 text-left align-top font-normal phone:px-2 text-ink-3 text-small">
                {label}
              </th>
              {offers.map((offer) => (
                <td key={offer.id} className="break-words p-3 align-top phone:px-2 phone:text-small">
                  {cell(offer)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
