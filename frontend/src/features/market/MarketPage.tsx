import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { SlidersHorizontal } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { usePages } from '../../shared/api/pages'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState, Skeleton } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Facets } from './Facets'
import { OfferCard } from './OfferCard'
import { type Filter, favouritesQuery, marketQuery, mostCompared, type Offer, recentQuery, suggestionsQuery } from './queries'
import { useMarket } from './words'

const FacetsDialog = lazy(() => import('./FacetsDialog'))

export function MarketPage() {
  return (
    <Page width="market">
      <Part
        skeleton={
          <>
            <Skeleton className="mb-6 h-8 max-w-40" />
            <div className="grid gap-4 md:grid-cols-3">
              {['a', 'b', 'c', 'd', 'e', 'f'].map((bone) => (
                <Skeleton key={bone} className="h-60 rounded-card" />
              ))}
            </div>
          </>
        }
      >
        <Market />
      </Part>
    </Page>
  )
}

function Market() {
  const t = useMarket()
  const [filter, set] = useFilters<Filter>()
  const view = (filter.view ?? 'all') as keyof typeof t.views
  const compare = filter.compare ?? []
  const choose = (id: string, on: boolean) =>
    set({ compare: on ? [...compare, id].slice(-mostCompared) : compare.filter((one) => one !== id) })
  const cards = (offers: Offer[]) => (
    <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {offers.map((offer) => (
        <li key={offer.id}>
          <OfferCard offer={offer} q={filter.q} compared={compare.includes(offer.id)} onCompare={(on) => choose(offer.id, on)} />
        </li>
      ))}
    </ul>
  )
  return (
    <>
      {view === 'all' ? (
        <All cards={cards} />
      ) : (
        <>
          <PageHeader title={t.title} sub={t.viewsWhy[view]} />
          <Views />
          <Part>
            <Shelf recent={view === 'recent'} cards={cards} />
          </Part>
        </>
      )}
      {compare.length > 0 && (
        <section
          aria-label={t.compare}
          className="sticky bottom-3 z-10 mx-auto mt-6 flex w-fit items-center gap-3 rounded-card bg-raised px-4 py-2.5 shadow-pop phone:bottom-[calc(68px+env(safe-area-inset-bottom))]"
        >
          <span className="num text-ink-2">{t.comparing(compare.length, mostCompared)}</span>
          <Button size="small" variant="quiet" onPress={() => set({ compare: undefined })}>
            {t.clearCompare}
          </Button>
          {compare.length > 1 && (
            <LinkButton size="small" to={'/market/compare' as string} search={{ ids: compare } as never}>
              {t.openCompare}
            </LinkButton>
          )}
        </section>
      )}
    </>
  )
}

/** All of the market, the person's shelf, and what was looked at last. */
function Views() {
  const t = useMarket()
  const [filter, set] = useFilters<Filter>()
  return (
    <SegmentedControl
      label={t.view}
      className="mb-5"
      value={(filter.view ?? 'all') as keyof typeof t.views}
      onChange={(view) => set({ view: view === 'all' ? undefined : view })}
      items={optionsOf(t.views)}
    />
  )
}

function Shelf({ recent, cards }: { recent: boolean; cards: (offers: Offer[]) => ReactNode }) {
  const t = useMarket()
  const offers = useSuspenseQuery(recent ? recentQuery : favouritesQuery).data.items
  if (!offers.length)
    return (
      <EmptyState title={recent ? t.noRecent : t.noFavourites} action={<LinkButton to={'/market' as string}>{t.browse}</LinkButton>}>
        {recent ? t.noRecentWhy : t.noFavouritesWhy}
      </EmptyState>
    )
  return cards(offers)
}

function All({ cards }: { cards: (offers: Offer[]) => ReactNode }) {
  const t = useMarket()
  const common = useCommon()
  const [filter, set] = useFilters<Filter>()
  const [choosing, setChoosing] = useState(false)
  const { rows, first, total, hasMore, onMore } = usePages(marketQuery(filter))
  const q = filter.q?.trim() ?? ''
  const suggestions = useQuery(suggestionsQuery(q)).data?.items
  const facets = { filter, onChange: set, counts: first }
  const active = (filter.industry?.length ?? 0) + (filter.category?.length ?? 0) + (filter.scope?.length ?? 0) + (filter.certified ? 1 : 0)
  const clear = () =>
    set({ q: undefined, industry: undefined, category: undefined, scope: undefined, certified: undefined, city: undefined })
  return (
    <>
      <PageHeader title={t.title} sub={total ? t.sub(formatCount(total)) : t.none} />
      <Views />
      <div className="grid gap-x-8 md:grid-cols-[200px_minmax(0,1fr)]">
        <aside className="hidden md:block">
          <Facets {...facets} />
        </aside>
        <div className="min-w-0">
          <div className="mb-4 flex flex-wrap items-start gap-2">
            <div className="min-w-0 flex-1 basis-60">
              <SearchField
                label={t.search}
                value={filter.q ?? ''}
                onChange={(text) => set({ q: text })}
                suggestions={suggestions?.map((one) => one.text)}
              />
              {q.length === 1 && (
                <p role="status" className="mt-1 text-ink-3 text-meta">
                  {t.short}
                </p>
              )}
            </div>
            <Button className="md:hidden" icon={<SlidersHorizontal size={16} aria-hidden />} onPress={() => setChoosing(true)}>
              {t.filters}
              {active > 0 && <span className="num rounded-full bg-accent-soft px-1.5 text-accent-text text-meta">{active}</span>}
            </Button>
            <SegmentedControl
              label={t.sort}
              value={(filter.sort ?? 'accounts') as keyof typeof t.sorts}
              onChange={(sort) => set({ sort: sort === 'accounts' ? undefined : sort })}
              items={optionsOf(t.sorts)}
            />
          </div>
          {rows.length === 0 ? (
            <EmptyState title={t.emptyTitle} action={<Button onPress={clear}>{t.clear}</Button>}>
              {t.empty}
            </EmptyState>
          ) : (
            cards(rows)
          )}
          {hasMore && (
            <div className="mt-6 flex justify-center">
              <Button onPress={() => onMore()}>{common.loadMore}</Button>
            </div>
          )}
        </div>
      </div>
      <Suspense>{choosing && <FacetsDialog {...facets} total={formatCount(total)} onClose={() => setChoosing(false)} />}</Suspense>
    </>
  )
}
