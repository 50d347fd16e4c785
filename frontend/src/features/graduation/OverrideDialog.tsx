import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { override, type Spot } from './queries'
import { useRooms } from './rooms'

export default function OverrideDialog({ spot, family, onClose }: { spot: Spot; family: string; onClose: () => void }) {
  const t = useRooms().map
  const common = useCommon()
  const [quadrant, setQuadrant] = useState<string>(spot.override_quadrant)
  const [group, setGroup] = useState<string>(spot.override_class)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const write = useWrite({
    run: (body: object, { headers }) => override(spot.id, body, headers),
    touches: ['product_map'],
    onDone: () => {
      onClose()
      toast(t.saved)
    },
  })
  const computed = (word: string) => [{ id: '', label: `${t.asComputed} (${word})` }]
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.overrideTitle(family)}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isPending={write.isPending}
            onPress={() => (reason.trim() ? write.mutate({ quadrant, class: group, reason: reason.trim() }) : setMissing(true))}
          >
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <NativeSelect
          label={t.quadrant}
          value={quadrant}
          onChange={setQuadrant}
          options={[...computed(t.quadrants[spot.quadrant]), ...optionsOf(t.quadrants)]}
        />
        <NativeSelect
          label={t.class}
          value={group}
          onChange={setGroup}
          options={[...computed(t.classes[spot.class]), ...optionsOf(t.classes)]}
        />
        <TextArea
          label={t.reason}
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(value) => {
            setReason(value)
            setMissing(false)
          }}
          error={missing ? t.missing : undefined}
        />
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
