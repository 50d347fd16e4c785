import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { IconButton } from '../../shared/ui/Button'
import { ComboBox } from '../../shared/ui/Select'
import { offersQuery } from './queries'
import { useDeals } from './words'

export type Picked = { id: string; name: string; partner: string }
type Props = { value: Picked[]; onChange: (value: Picked[]) => void; error?: string }

/** Several offers of the marketplace. */
export function OfferPicker({ value, onChange, error }: Props) {
  const t = useDeals().new
  const [text, setText] = useState('')
  const q = useDeferredValue(text)
  const { data, isFetching } = useQuery({ ...offersQuery(q), placeholderData: (old) => old })
  const offers = (data?.items ?? []).filter((offer) => !value.some((one) => one.id === offer.id))
  return (
    <div>
      <ComboBox
        key={value.length}
        label={t.products}
        description={t.productsHelp}
        placeholder={t.addProduct}
        error={error}
        input={text}
        onInput={setText}
        isLoading={isFetching}
        empty={t.noOffers}
        value={null}
        options={offers.map((offer) => ({ id: offer.id, label: offer.name, description: `${offer.partner_name} · ${offer.scope_name}` }))}
        onChange={(id) => {
          const offer = offers.find((one) => one.id === id)
          if (!offer) return
          setText('')
          onChange([...value, { id: offer.id, name: offer.name, partner: offer.partner_name }])
        }}
      />
      {value.length > 0 && (
        <ul className="mt-2 divide-y divide-line rounded-card border border-line">
          {value.map((one) => (
            <li key={one.id} className="flex items-center gap-3 py-1.5 pr-1.5 pl-3">
              <span className="min-w-0 flex-1 truncate">
                {one.name} <span className="text-ink-3 text-small">{one.partner}</span>
              </span>
              <IconButton
                size="small"
                label={t.removeProduct(one.name)}
                icon={<X size={16} aria-hidden />}
                onPress={() => onChange(value.filter((other) => other.id !== one.id))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
