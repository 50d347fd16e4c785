import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextArea } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { units } from './metrics'
import { propose, type Threshold } from './queries'
import { useRooms } from './rooms'
import { useGraduation } from './words'

/** The next version of a category, beginning from the one in force. */
export default function ThresholdDialog({ versions, onClose }: { versions: Threshold[]; onClose: () => void }) {
  const words = useGraduation()
  const t = useRooms().thresholds
  const common = useCommon()
  const { reference, name } = useReference()
  const [category, setCategory] = useState<string | null>(null)
  const [needs, setNeeds] = useState<Record<string, number | null>>({})
  const [note, setNote] = useState('')
  const write = useWrite({
    run: (body: object, { headers }) => propose(body, headers),
    touches: ['threshold', 'home'],
    onDone: () => {
      onClose()
      toast(t.proposed)
    },
  })
  const pick = (next: string) => {
    setCategory(next)
    setNeeds({ ...versions.find((one) => one.category === next && one.state === 'published')?.needs })
  }
  const set = (metric: string) => (value: number | null) => setNeeds((old) => ({ ...old, [metric]: value }))
  const given = Object.fromEntries(Object.entries(needs).filter(([, value]) => value !== null))
  return (
    <Dialog
      isOpen
      size="medium"
      onClose={onClose}
      title={t.draftTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isPending={write.isPending}
            isDisabled={!category || Object.keys(given).length === 0}
            onPress={() => write.mutate({ category, needs: given, note: note.trim() })}
          >
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={t.category}
          options={reference.categories.map((one) => ({ id: one.code, label: name(reference.categories, one.code) }))}
          value={category}
          onChange={pick}
        />
        <p className="text-small">{t.leaveEmpty}</p>
        <div key={category} className="grid gap-4 md:grid-cols-2">
          {units.map(([metric, unit, atMost]) => {
            const label = `${words.metrics[metric]} ${(atMost ? words.atMost : words.atLeast)('').trim()}`
            return unit === 'fen' ? (
              <MoneyField key={metric} label={label} value={needs[metric] ?? null} onChange={set(metric)} />
            ) : (
              <NumberField
                key={metric}
                label={label}
                minValue={0}
                suffix={unit === 'percent' ? '%' : unit === 'days' ? t.daysUnit : undefined}
                value={needs[metric] ?? null}
                onChange={set(metric)}
              />
            )
          })}
        </div>
        <TextArea label={t.note} isRequired={false} rows={2} value={note} onChange={setNote} maxLength={2000} />
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
