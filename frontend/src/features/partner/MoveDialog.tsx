import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { proposeMove } from './queries'
import { useTiers } from './tiers'

/** A person's proposal, with why; somebody else decides. */
export default function MoveDialog({ partner, tier, onClose }: { partner: string; tier: string; onClose: () => void }) {
  const t = useTiers()
  const d = useDomain()
  const common = useCommon()
  const [to, setTo] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const write = useWrite({
    run: (_: undefined, { headers }) => proposeMove({ partner_id: partner, to, note: note.trim() }, headers),
    touches: ['partner', 'home'],
    onDone: () => {
      onClose()
      toast(t.card.proposed)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.card.propose}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!to || !note.trim()} isPending={write.isPending} onPress={() => write.mutate(undefined)}>
            {t.moves.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={t.moves.to}
          options={Object.entries(d.tier)
            .filter(([id]) => id !== tier)
            .map(([id, label]) => ({ id, label }))}
          value={to}
          onChange={setTo}
        />
        <TextArea label={t.moves.note} rows={3} value={note} onChange={setNote} maxLength={2000} />
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
