import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextField } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { draw } from './queries'
import { useAccuracy } from './words'

export default function DrawDialog({ quarter, onClose }: { quarter: number; onClose: () => void }) {
  const t = useAccuracy()
  const common = useCommon()
  const navigate = useNavigate()
  const { reference } = useReference()
  const [city, setCity] = useState<string | null>(null)
  const [size, setSize] = useState(50)
  const [seed, setSeed] = useState('')
  const save = useWrite({
    run: (_: undefined, { headers }) => draw({ city_code: city ?? '', size, seed: seed || undefined }, headers),
    touches: ['accuracy'],
    onDone: (audit) => {
      onClose()
      toast(t.drawn(audit.size))
      void navigate({ to: `/accuracy/${audit.id}` as string })
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.drawTitle(quarter)}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!city} isPending={save.isPending} onPress={() => save.mutate(undefined)}>
            {t.draw}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={t.city}
          value={city}
          onChange={setCity}
          options={reference.cities.map((one) => ({ id: one.code, label: one.name }))}
        />
        <NumberField label={t.size} minValue={1} maxValue={500} value={size} onChange={(next) => setSize(next ?? 50)} />
        <TextField label={t.seed} description={t.seedHelp} isRequired={false} value={seed} onChange={setSeed} maxLength={40} />
      </div>
      {save.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
    </Dialog>
  )
}
