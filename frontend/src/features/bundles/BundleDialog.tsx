import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button, IconButton } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { start } from '../orders/Menu'
import { OfferPicker } from '../orders/Pickers'
import { offerQuery } from '../orders/queries'
import { type NewBundle, newBundle } from './queries'
import { useBundles } from './words'

/** Elements of several solutions, and how much is off all of them. */
export default function BundleDialog({ onClose }: { onClose: () => void }) {
  const t = useBundles()
  const common = useCommon()
  const [value, setValue] = useState<NewBundle>({ name: '', summary: '', ppm: 50_000, items: [] })
  const [offers, setOffers] = useState<string[]>([])
  const set = (patch: Partial<NewBundle>) => setValue((old) => ({ ...old, ...patch }))
  const write = useWrite({
    run: (body: NewBundle, { headers }) => newBundle(body, headers),
    touches: ['bundle'],
    onDone: () => {
      onClose()
      toast(t.made)
    },
  })
  const errors = write.error?.byField ?? {}
  const faults = Object.entries(errors).filter(([field]) => field.startsWith('items'))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.create}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={!value.name.trim() || !value.items.length}
            isPending={write.isPending}
            onPress={() => write.mutate(value)}
          >
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label={t.name} value={value.name} onChange={(name) => set({ name })} maxLength={60} error={errors.name} autoFocus />
        <TextField label={t.summary} isRequired={false} value={value.summary} onChange={(summary) => set({ summary })} maxLength={400} />
        <NumberField
          label={t.ppm}
          minValue={0}
          maxValue={50}
          step={0.1}
          suffix="%"
          value={value.ppm / 10_000}
          onChange={(percent) => set({ ppm: Math.round((percent ?? 0) * 10_000) })}
          error={errors.ppm}
        />
        {offers.map((id) => (
          <Offer
            key={id}
            id={id}
            items={value.items}
            onChange={(items) => set({ items })}
            onRemove={() => {
              setOffers(offers.filter((one) => one !== id))
              set({ items: value.items.filter((one) => one.listing_id !== id) })
            }}
          />
        ))}
        <div>
          <OfferPicker key={offers.length} value={null} onChange={(id) => id && !offers.includes(id) && setOffers((old) => [...old, id])} />
          <p className="mt-1 text-ink-3 text-small">{t.chooseOffer}</p>
        </div>
        {faults.map(([field, message]) => (
          <p key={field} role="alert" className="text-cinnabar text-small">
            {message}
          </p>
        ))}
        {write.error && Object.keys(errors).length === 0 && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}

type OfferProps = { id: string; items: NewBundle['items']; onChange: (items: NewBundle['items']) => void; onRemove: () => void }

function Offer({ id, items, onChange, onRemove }: OfferProps) {
  const t = useBundles()
  const offer = useQuery(offerQuery(id)).data
  const [began, setBegan] = useState(false)
  if (!offer) return null
  const mine = (name: string) => items.find((one) => one.listing_id === id && one.element === name)
  const put = (name: string, quantity: number) =>
    onChange([
      ...items.filter((one) => one.listing_id !== id || one.element !== name),
      ...(quantity > 0 ? [{ listing_id: id, element: name, quantity }] : []),
    ])
  if (!began) {
    setBegan(true)
    const must = offer.elements.filter((one) => one.required && !mine(one.name))
    if (must.length) onChange([...items, ...must.map((one) => ({ listing_id: id, element: one.name, quantity: start(one) }))])
  }
  return (
    <fieldset className="rounded-card border border-line p-3">
      <legend className="sr-only">{offer.name}</legend>
      <div className="flex items-start justify-between gap-3">
        <p className="font-medium">
          {offer.name} <span className="font-normal text-ink-3 text-small">{offer.partner_name}</span>
        </p>
        <IconButton label={t.removeItem(offer.name)} icon={<X size={16} aria-hidden />} onPress={onRemove} />
      </div>
      <ul className="mt-2 flex flex-col gap-2">
        {offer.elements.map((one) => {
          const item = mine(one.name)
          return (
            <li key={one.name} className="flex items-center justify-between gap-3">
              <Checkbox isSelected={!!item} onChange={(on) => put(one.name, on ? start(one) : 0)}>
                {one.name}
              </Checkbox>
              {item && (
                <NumberField
                  className="w-24"
                  label={`${one.name} ${t.quantity}`}
                  hideLabel
                  minValue={1}
                  value={item.quantity}
                  onChange={(n) => put(one.name, n ?? 1)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
