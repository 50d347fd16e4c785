import { NumberField, TextArea } from '../../shared/ui/Field'
import { useOrders } from './words'

export type Terms = { discount_ppm: number; term_months: number; valid_days: number; customer_note: string }

export function TermsFields({ value, onChange }: { value: Terms; onChange: (value: Terms) => void }) {
  const { compose: t } = useOrders()
  const set = (patch: Partial<Terms>) => onChange({ ...value, ...patch })
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-3">
        <NumberField
          label={t.discount}
          description={t.discountHelp}
          minValue={0}
          maxValue={100}
          step={0.1}
          suffix="%"
          value={value.discount_ppm / 10_000}
          onChange={(percent) => set({ discount_ppm: Math.round((percent ?? 0) * 10_000) })}
        />
        <NumberField
          label={t.term}
          minValue={1}
          maxValue={60}
          suffix={t.months}
          value={value.term_months}
          onChange={(months) => set({ term_months: months ?? 1 })}
        />
        <NumberField
          label={t.valid}
          minValue={1}
          maxValue={180}
          suffix={t.daysUnit}
          value={value.valid_days}
          onChange={(days) => set({ valid_days: days ?? 30 })}
        />
      </div>
      <TextArea
        label={t.note}
        isRequired={false}
        rows={3}
        maxLength={1000}
        value={value.customer_note}
        onChange={(customer_note) => set({ customer_note })}
      />
    </div>
  )
}
