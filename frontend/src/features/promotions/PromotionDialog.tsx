import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextField } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { toast } from '../../shared/ui/Toast'
import { OfferPicker } from '../orders/Pickers'
import { offerQuery } from '../orders/queries'
import { type NewPromotion, newPromotion } from './queries'
import { usePromotions } from './words'

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** So much off for a while, of one solution or of all. */
export default function PromotionDialog({ onClose }: { onClose: () => void }) {
  const t = usePromotions()
  const common = useCommon()
  const [value, setValue] = useState<NewPromotion>(() => ({
    name: '',
    ppm: 100_000,
    stackable: true,
    starts_on: today(),
    ends_on: today(),
    budget_fen: 0,
    elements: [],
  }))
  const set = (patch: Partial<NewPromotion>) => setValue((old) => ({ ...old, ...patch }))
  const offer = useQuery({ ...offerQuery(value.listing_id ?? ''), enabled: !!value.listing_id })
  const write = useWrite({
    run: (body: NewPromotion, { headers }) => newPromotion(body, headers),
    touches: ['promotion'],
    onDone: () => {
      onClose()
      toast(t.started)
    },
  })
  const errors = write.error?.byField ?? {}
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.create}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!value.name.trim()} isPending={write.isPending} onPress={() => write.mutate(value)}>
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label={t.name} value={value.name} onChange={(name) => set({ name })} maxLength={60} error={errors.name} autoFocus />
        <OfferPicker value={value.listing_id ?? null} onChange={(id) => set({ listing_id: id ?? undefined, elements: [] })} />
        <p className="-mt-3 text-ink-3 text-small">{t.listingHelp}</p>
        {offer.data && (
          <fieldset>
            <legend className="mb-1 text-small">{t.elements}</legend>
            <div className="flex flex-wrap gap-x-4">
              {offer.data.elements.map((one) => (
                <Checkbox
                  key={one.name}
                  isSelected={value.elements?.includes(one.name) ?? false}
                  onChange={(on) =>
                    set({ elements: on ? [...(value.elements ?? []), one.name] : value.elements?.filter((name) => name !== one.name) })
                  }
                >
                  {one.name}
                </Checkbox>
              ))}
            </div>
          </fieldset>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <NumberField
            label={t.ppm}
            minValue={0.1}
            maxValue={50}
            step={0.1}
            suffix="%"
            value={value.ppm / 10_000}
            onChange={(percent) => set({ ppm: Math.round((percent ?? 0) * 10_000) })}
            error={errors.ppm}
          />
          <MoneyField
            label={t.budget}
            description={t.budgetHelp}
            value={value.budget_fen}
            onChange={(fen) => set({ budget_fen: fen ?? 0 })}
            error={errors.budget_fen}
          />
          <DatePicker label={t.from} value={value.starts_on} onChange={(day) => day && set({ starts_on: day })} error={errors.starts_on} />
          <DatePicker label={t.to} value={value.ends_on} onChange={(day) => day && set({ ends_on: day })} error={errors.ends_on} />
        </div>
        <Checkbox isSelected={value.stackable} onChange={(stackable) => set({ stackable })}>
          {t.stackable}
        </Checkbox>
        {write.error && Object.keys(errors).length === 0 && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
