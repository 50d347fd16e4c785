import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button, IconButton } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { OfferPicker } from '../orders/Pickers'
import { type NewGroup, newGroup } from './queries'
import { useGroups } from './words'

const inDays = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10)

/** What is offered together: of which solution, how much off from how many units, until when. */
export default function GroupDialog({ onClose }: { onClose: () => void }) {
  const t = useGroups()
  const common = useCommon()
  const [value, setValue] = useState<NewGroup>(() => ({
    name: '',
    listing_id: '',
    steps: [
      { from: 100, ppm: 50_000 },
      { from: 500, ppm: 100_000 },
    ],
    closes_on: inDays(14),
  }))
  const set = (patch: Partial<NewGroup>) => setValue((old) => ({ ...old, ...patch }))
  const step = (at: number, patch: Partial<NewGroup['steps'][number]>) =>
    set({ steps: value.steps.map((one, index) => (index === at ? { ...one, ...patch } : one)) })
  const write = useWrite({
    run: (body: NewGroup, { headers }) => newGroup(body, headers),
    touches: ['group'],
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
          <Button
            variant="primary"
            isDisabled={!value.name.trim() || !value.listing_id}
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
        <OfferPicker value={value.listing_id || null} onChange={(id) => set({ listing_id: id ?? '' })} />
        <fieldset>
          <legend className="mb-1 text-small">{t.steps}</legend>
          <div className="flex flex-col gap-2">
            {value.steps.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other identity
              <div key={at} className="flex items-end gap-2">
                <NumberField
                  className="flex-1"
                  label={t.stepFrom}
                  minValue={1}
                  value={one.from}
                  onChange={(from) => step(at, { from: from ?? 1 })}
                />
                <NumberField
                  className="flex-1"
                  label={t.stepOff}
                  minValue={0.1}
                  maxValue={50}
                  step={0.1}
                  suffix="%"
                  value={one.ppm / 10_000}
                  onChange={(percent) => step(at, { ppm: Math.round((percent ?? 0) * 10_000) })}
                />
                <IconButton
                  label={t.removeStep(one.from)}
                  icon={<X size={16} aria-hidden />}
                  onPress={() => set({ steps: value.steps.filter((_, index) => index !== at) })}
                />
              </div>
            ))}
          </div>
          {errors.steps && (
            <p role="alert" className="mt-1 text-cinnabar text-small">
              {errors.steps}
            </p>
          )}
          <Button
            size="small"
            variant="quiet"
            className="mt-2"
            icon={<Plus size={15} aria-hidden />}
            onPress={() => {
              const last = value.steps.at(-1) ?? { from: 50, ppm: 0 }
              set({ steps: [...value.steps, { from: last.from * 2, ppm: Math.min(500_000, last.ppm + 50_000) }] })
            }}
          >
            {t.addStep}
          </Button>
        </fieldset>
        <DatePicker
          label={t.closesOn}
          value={value.closes_on}
          onChange={(day) => day && set({ closes_on: day })}
          error={errors.closes_on}
        />
        {write.error && Object.keys(errors).length === 0 && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
