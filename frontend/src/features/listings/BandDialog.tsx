import { useState } from 'react'
import { send } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextArea } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { listingTouches } from './acts'
import type { Listing } from './queries'
import { useListings } from './words'

const percent = (ppm: number) => (ppm ? ppm / 10_000 : 100)

/** Between what prices cities may sell a listing of the province. */
export default function BandDialog({ listing, onClose }: { listing: Listing; onClose: () => void }) {
  const words = useListings()
  const t = words.band
  const common = useCommon()
  const [floor, setFloor] = useState<number | null>(percent(listing.floor_ppm))
  const [ceiling, setCeiling] = useState<number | null>(percent(listing.ceiling_ppm))
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const save = useWrite({
    run: (body: object, { headers }) => send('POST', `/api/listings/${listing.id}/band`, body, headers),
    touches: [...listingTouches, 'overlay'],
    onDone: () => {
      toast(t.done)
      onClose()
    },
  })
  const go = () => {
    if (!reason.trim() || floor === null || ceiling === null) return setMissing(true)
    const open = floor !== 100 || ceiling !== 100
    const ppm = (value: number) => (open ? Math.round(value * 10_000) : 0)
    save.mutate({ floor_ppm: ppm(floor), ceiling_ppm: ppm(ceiling), reason: reason.trim() })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={go}>
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-ink-3">{t.why}</p>
        <div className="grid grid-cols-2 gap-4">
          <NumberField label={t.floor} value={floor} onChange={setFloor} minValue={1} maxValue={100} />
          <NumberField label={t.ceiling} value={ceiling} onChange={setCeiling} minValue={100} maxValue={1000} />
        </div>
        <TextArea
          label={t.reason}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(value) => {
            setReason(value)
            setMissing(false)
          }}
          error={missing ? words.times.missing : undefined}
        />
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
