import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CircleAlert, LoaderCircle, Stamp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { formatFen } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { Card, Columns, Section } from '../../shared/ui/Layout'
import { toast } from '../../shared/ui/Toast'
import { type Chosen, Menu, start } from './Menu'
import { PriceSum } from './PriceSum'
import { type Element, type MenuRules, type NewQuote, type Price, priceQuery, type Quote, quoteQuery, saveQuote } from './queries'
import { type Terms, TermsFields } from './Terms'
import { useOrders } from './words'

type Props = {
  base: Pick<NewQuote, 'deal_id' | 'account_id' | 'prospect' | 'city' | 'replaces_id' | 'listing_id'>
  menu: Element[]
  rules: MenuRules
  /** The quote being changed. */
  quote?: Quote
  /** What an order had that is changed. */
  from?: Price
}

/** Compose from the menu on the left; the server prices on the right. */
export function Composer({ base, menu, rules, quote, from }: Props) {
  const t = useOrders()
  const c = t.compose
  const navigate = useNavigate()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<Chosen>(() =>
    Object.fromEntries(
      quote || from
        ? ((quote?.price ?? from)?.lines.map((line) => [line.element_id, line.quantity]) ?? [])
        : menu.filter((element) => element.required && element.id).map((element) => [element.id, start(element)]),
    ),
  )
  const [terms, setTerms] = useState<Terms>({
    discount_ppm: quote?.discount_ppm ?? 0,
    term_months: (quote?.price ?? from)?.term_months || 12,
    valid_days: 30,
    customer_note: quote?.customer_note ?? '',
  })
  const body: NewQuote = {
    ...base,
    ...terms,
    lines: Object.entries(chosen)
      .filter(([, quantity]) => quantity > 0)
      .map(([element_id, quantity]) => ({ element_id, quantity })),
  }
  const asked = useDebounced(body, 300)
  const { customer_note: _, ...priced } = asked
  const price = useQuery({ ...priceQuery(priced), placeholderData: (old) => old })
  const violations = price.data?.violations ?? []
  const save = useWrite({
    run: async (sent: NewQuote, { headers, overwrite }) => {
      const now = quote && overwrite ? await client.fetchQuery({ ...quoteQuery(quote.id), staleTime: 0 }) : quote
      return saveQuote(quote?.id, now ? { ...sent, version: now.version } : sent, headers)
    },
    touches: ['quote', 'deal', 'home'],
    onDone: (result) => {
      toast(c.saved)
      void navigate({ to: `/quotes/${result.id}` as string })
    },
  })
  return (
    <Columns
      aside={
        <div className="lg:sticky lg:top-6">
          <Card className={price.isPlaceholderData ? 'transition-colors' : undefined}>
            <h2 className="mb-3 flex items-center gap-2 font-semibold">
              {c.price}
              {price.isFetching && <LoaderCircle size={15} className="animate-spin text-ink-3" aria-label={c.pricing} />}
            </h2>
            <div aria-live="polite">
              {price.data && (from || quote?.replaces) && (
                <p className="num mb-2 flex justify-between text-ink-2 text-small">
                  {c.difference}
                  <span>{formatFen(price.data.total_fen - (from?.total_fen ?? quote?.replaces?.total_fen ?? 0), { sign: true })}</span>
                </p>
              )}
              {price.data ? <PriceSum price={price.data} /> : price.error ? <p>{c.failed}</p> : null}
              {price.error && <p className="mt-2 text-cinnabar text-small">{explain(price.error)}</p>}
              {violations
                .filter((one) => !one.element_id && !one.group)
                .map((one) => (
                  <p key={one.code + one.message} className="mt-2 flex items-start gap-1.5 text-cinnabar text-small">
                    <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
                    {one.message}
                  </p>
                ))}
            </div>
            {!!price.data?.approvals.length && (
              <p className="mt-2 flex items-start gap-1.5 text-amber text-small">
                <Stamp size={15} className="mt-0.5 shrink-0" aria-hidden />
                {c.asks(price.data.approvals.map((one) => c.levels[one as 'city']).join(c.arrow))}
              </p>
            )}
            {price.data?.full && (
              <p className="mt-2 flex items-start gap-1.5 text-amber text-small">
                <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
                {c.full}
              </p>
            )}
            <Button
              variant="primary"
              className="mt-4 w-full"
              isPending={save.isPending}
              isDisabled={!price.data || violations.length > 0 || price.isFetching}
              onPress={() => save.mutate(body)}
            >
              {c.save}
            </Button>
            {violations.length > 0 && <p className="mt-2 text-ink-3 text-small">{c.fix(violations.length)}</p>}
            {save.error && (
              <p role="alert" className="mt-2 text-cinnabar text-small">
                {explain(save.error)}
              </p>
            )}
          </Card>
        </div>
      }
    >
      <Section title={c.menu} sub={c.menuSub}>
        <Menu menu={menu} rules={rules} chosen={chosen} onChange={setChosen} price={price.data} />
      </Section>
      <Section title={c.terms}>
        <TermsFields value={terms} onChange={setTerms} />
      </Section>
    </Columns>
  )
}

function useDebounced<T>(value: T, ms: number): T {
  const text = JSON.stringify(value)
  const [kept, setKept] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setKept(text), ms)
    return () => clearTimeout(timer)
  }, [text, ms])
  return JSON.parse(kept) as T
}
