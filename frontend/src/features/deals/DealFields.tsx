import { Paperclip } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import type { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { TextArea, TextField } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { Select } from '../../shared/ui/Select'
import type { blank } from './NewDealPage'
import { OfferPicker } from './OfferPicker'
import { useDeals } from './words'

const Proof = lazy(() => import('./Proof'))

type Form = ReturnType<typeof useForm<typeof blank>>

export default function DealFields({ form }: { form: Form }) {
  const t = useDeals().new
  const { reference } = useReference()
  const [proof, setProof] = useState(false)
  const districts = reference.cities.find((city) => city.code === form.values.city)?.districts ?? []
  return (
    <div className="flex flex-col gap-4">
      <TextField label={t.name} autoComplete="off" {...form.field('account_name')} />
      <div className="grid grid-cols-2 gap-4">
        <Select
          label={t.city}
          options={reference.cities.map((city) => ({ id: city.code, label: city.name }))}
          {...form.field('city')}
          onChange={(city) => form.set({ city, district_code: '' })}
        />
        <Select
          label={t.district}
          isDisabled={!districts.length}
          options={districts.map((district) => ({ id: district.code, label: district.name }))}
          {...form.field('district_code')}
        />
      </div>
      <OfferPicker
        value={form.values.offers}
        onChange={(offers) => form.set({ offers })}
        error={form.errors.offers ?? form.errors.listing_ids}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <MoneyField label={t.amount} {...form.field('amount_fen')} />
        <DatePicker label={t.closeOn} isRequired={false} min={new Date().toISOString().slice(0, 10)} {...form.field('close_on')} />
        <TextField label={t.contact} autoComplete="off" {...form.field('contact_name')} />
        <TextField label={t.phone} type="tel" inputMode="tel" autoComplete="off" {...form.field('contact_phone')} />
      </div>
      <TextArea label={t.need} description={t.needHelp} rows={4} maxLength={2000} {...form.field('need')} />
      {proof ? (
        <Suspense>
          <Proof onFile={(id) => form.set({ file_ids: [...form.values.file_ids, id] })} />
        </Suspense>
      ) : (
        <Button className="self-start" variant="quiet" icon={<Paperclip size={16} aria-hidden />} onPress={() => setProof(true)}>
          {t.addFiles}
        </Button>
      )}
    </div>
  )
}
