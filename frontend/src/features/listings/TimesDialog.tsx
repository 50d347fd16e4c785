import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { send } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea, TextField } from '../../shared/ui/Field'
import { ComboBox } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { listingTouches } from './acts'
import { type Listing, onSaleQuery } from './queries'
import { useListings } from './words'

export type Times = 'approve' | 'retire' | 'preview'
type Fields = { day: string | null; reason: string; successor: string | null; cities: string[] }

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** When something goes on sale, until when it is supported, and who may look before. */
export default function TimesDialog({ listing, what, onClose }: { listing: Listing; what: Times; onClose: () => void }) {
  const words = useListings().times
  const t = words[what]
  const common = useCommon()
  const { reference } = useReference()
  const { membership } = useMe()
  const others = useQuery({ ...onSaleQuery, enabled: what === 'retire' })
  const [typed, setTyped] = useState('')
  const [missing, setMissing] = useState<string>()
  const [values, setValues] = useState<Fields>({
    day: what === 'preview' ? (listing.previews[0]?.until ?? null) : null,
    reason: '',
    successor: null,
    cities: listing.previews.map((one) => one.city),
  })
  const set = (change: Partial<Fields>) => {
    setValues({ ...values, ...change })
    setMissing(undefined)
  }
  const save = useWrite({
    run: ({ day, reason, successor, cities }: Fields, { headers }) => {
      const path = `/api/listings/${listing.id}/${what === 'preview' ? 'previews' : what}`
      if (what === 'preview') return send('POST', path, { cities, until: day }, headers)
      if (what === 'approve') return send('POST', path, { reason, publish_on: day ?? undefined }, headers)
      return send('POST', path, { reason, support_until: day ?? undefined, successor: successor ?? undefined }, headers)
    },
    touches: listingTouches,
    onDone: () => {
      toast(t.done)
      onClose()
    },
  })
  const go = () => {
    if (what === 'preview' && !values.day) return setMissing('day')
    if (what === 'retire' && !values.reason.trim()) return setMissing('reason')
    save.mutate({ ...values, reason: values.reason.trim() })
  }
  const cities = reference.cities
    .filter(
      (city) =>
        (listing.scope === 'province' || city.code === listing.scope) &&
        (membership.tenant_kind !== 'city' || city.code === membership.tenant_code),
    )
    .map((city) => ({ id: city.code, label: city.name }))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      role={what === 'retire' ? 'alertdialog' : undefined}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant={what === 'retire' ? 'danger' : 'primary'}
            isDisabled={what === 'retire' && typed.trim() !== listing.solution_name}
            isPending={save.isPending}
            onPress={go}
          >
            {what === 'approve' && values.day ? words.approve.goOn(values.day) : t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-ink-3">{t.why}</p>
        <DatePicker
          label={t.day}
          value={values.day}
          min={today()}
          onChange={(day) => set({ day })}
          error={missing === 'day' ? words.missing : undefined}
        />
        {what === 'preview' && (
          <CheckboxGroup
            className="[&>div]:grid [&>div]:grid-cols-3"
            label={words.preview.cities}
            options={cities}
            value={values.cities}
            onChange={(chosen) => set({ cities: chosen })}
          />
        )}
        {what === 'retire' && (
          <ComboBox
            label={words.retire.successor}
            options={(others.data?.items ?? [])
              .filter((one) => one.id !== listing.solution_id)
              .map((one) => ({ id: one.id, label: one.name, description: one.partner_name }))}
            value={values.successor}
            onChange={(successor) => set({ successor })}
          />
        )}
        {what !== 'preview' && (
          <TextArea
            label={words[what].reason}
            rows={3}
            maxLength={2000}
            value={values.reason}
            onChange={(reason) => set({ reason })}
            error={missing === 'reason' ? words.missing : undefined}
          />
        )}
        {what === 'retire' && <TextField label={words.retire.typed(listing.solution_name)} value={typed} onChange={setTyped} />}
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
