import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextArea } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { useListings } from './words'

/** Puts a city's listing forward for the province, or asks cities whether the province keeps it. */
export default function RiseDialog({ id, back, onClose }: { id: string; back: boolean; onClose: () => void }) {
  const words = useListings()
  const t = back ? words.goBack : words.nominate
  const common = useCommon()
  const navigate = useNavigate()
  const [pitch, setPitch] = useState('')
  const [days, setDays] = useState<number | null>(10)
  const [missing, setMissing] = useState(false)
  const make = useWrite({
    run: (body: object, { headers }) => send<{ id: string }>('POST', back ? '/api/way-backs' : '/api/graduations', body, headers),
    touches: ['graduation', 'rollout', 'home'],
    onDone: (made) => {
      toast(t.done)
      void navigate({ to: `/graduations/${made.id}` as string })
    },
  })
  const go = () => {
    if (!pitch.trim() || (back && !days)) return setMissing(true)
    make.mutate({ listing_id: id, pitch: pitch.trim(), ...(back && { days }) })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={make.isPending} onPress={go}>
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>{t.why}</p>
        <TextArea
          label={t.pitch}
          rows={4}
          maxLength={2000}
          value={pitch}
          onChange={(value) => {
            setPitch(value)
            setMissing(false)
          }}
          error={missing ? words.missing : undefined}
        />
        {back && <NumberField label={words.goBack.days} minValue={1} maxValue={30} value={days} onChange={setDays} />}
        {make.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(make.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
