import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { AccountPicker } from './Pickers'
import { type Quote, quotableQuery, saveQuote } from './queries'
import { useOrders } from './words'

/** Who the prospect turned out to be: a customer, or for a partner a protected deal. */
export default function CustomerDialog({ quote, onClose }: { quote: Quote; onClose: () => void }) {
  const { quote: t, compose } = useOrders()
  const common = useCommon()
  const partner = useMe().membership.tenant_kind === 'partner'
  const [chosen, setChosen] = useState<string | null>(null)
  const deals = useQuery({ ...quotableQuery, enabled: partner })
  const write = useWrite({
    run: (id: string, { headers }) =>
      saveQuote(
        quote.id,
        {
          [partner ? 'deal_id' : 'account_id']: id,
          listing_id: quote.listing_id,
          lines: quote.price.lines.map((line) => ({ element_id: line.element_id, quantity: line.quantity })),
          discount_ppm: quote.discount_ppm,
          term_months: quote.price.term_months,
          customer_note: quote.customer_note,
          version: quote.version,
        },
        headers,
      ),
    touches: ['quote', 'deal', 'home'],
    onDone: () => {
      onClose()
      toast(t.chosen)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.choose}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!chosen} isPending={write.isPending} onPress={() => chosen && write.mutate(chosen)}>
            {common.save}
          </Button>
        </>
      }
    >
      {partner ? (
        <>
          <NativeSelect
            label={t.deal}
            value={chosen ?? ''}
            onChange={(id) => setChosen(id || null)}
            options={[
              { id: '', label: compose.missing },
              ...(deals.data?.items ?? []).map((deal) => ({ id: deal.id, label: `${deal.account_name} · ${deal.number}` })),
            ]}
          />
          <p className="mt-2 text-small">
            <Link to={'/deals/new' as string} className="text-accent-text hover:underline">
              {t.register}
            </Link>
          </p>
        </>
      ) : (
        <AccountPicker value={chosen} onChange={setChosen} />
      )}
      {write.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(write.error)}
        </p>
      )}
    </Dialog>
  )
}
