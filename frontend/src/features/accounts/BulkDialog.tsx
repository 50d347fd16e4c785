import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCan } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { assign, type Choice, countChoice, membersQuery, target, undoAssignment } from './queries'
import { useAccounts } from './words'

type Props = { kind: 'assign' | 'target'; choice: Choice; onClose: () => void; onDone: () => void }

export default function BulkDialog({ kind, choice, onClose, onDone }: Props) {
  const t = useAccounts()
  const count = useQuery(countChoice(choice)).data?.count
  const Body = kind === 'assign' ? Assign : Targets
  return (
    <Dialog isOpen onClose={onClose} title={kind === 'assign' ? t.bulkAssign : t.bulkTarget}>
      <p className="mb-4 min-h-6">{count === undefined ? '' : t.bulkCount(formatCount(count))}</p>
      <Body choice={choice} onClose={onClose} onDone={onDone} />
    </Dialog>
  )
}

type Part = Omit<Props, 'kind'>

function Buttons({
  label,
  onClose,
  isPending,
  onGo,
  isDisabled,
}: {
  label: string
  onClose: () => void
  isPending: boolean
  onGo: () => void
  isDisabled?: boolean
}) {
  const common = useCommon()
  return (
    <div className="mt-5 flex justify-end gap-2">
      <Button onPress={onClose}>{common.cancel}</Button>
      <Button variant="primary" isPending={isPending} isDisabled={isDisabled} onPress={onGo}>
        {label}
      </Button>
    </div>
  )
}

function Assign({ choice, onClose, onDone }: Part) {
  const t = useAccounts()
  const client = useQueryClient()
  const can = useCan()
  const members = useQuery({ ...membersQuery, enabled: can('member:read') }).data?.items ?? []
  const [owner, setOwner] = useState('')
  const name = members.find((one) => one.id === owner)?.name ?? t.form.nobody
  const save = useWrite({
    run: (_: undefined, { headers }) => assign(choice, owner === 'nobody' ? undefined : owner, headers),
    touches: ['account'],
    onDone: (done) => {
      onDone()
      toast(t.assigned(formatCount(done.accounts), name), {
        ms: 15_000,
        undo: async () => {
          const back = await undoAssignment(done.id)
          await client.invalidateQueries({ queryKey: ['account'] })
          toast(t.unassigned(formatCount(back.accounts - back.kept)) + (back.kept ? t.keptSince(formatCount(back.kept)) : ''))
        },
      })
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <>
      <Select
        label={t.assignTo}
        value={owner || null}
        onChange={setOwner}
        options={[
          { id: 'nobody', label: t.form.nobody },
          ...members
            .filter((one) => one.roles.includes('account_manager'))
            .map((one) => ({ id: one.id, label: one.name, description: one.email })),
        ]}
      />
      <Buttons label={t.bulkAssign} onClose={onClose} isPending={save.isPending} isDisabled={!owner} onGo={() => save.mutate(undefined)} />
    </>
  )
}

function Targets({ choice, onClose, onDone }: Part) {
  const t = useAccounts()
  const now = new Date().getFullYear()
  const [year, setYear] = useState(String(now))
  const [segment, setSegment] = useState('')
  const save = useWrite({
    run: (_: undefined, { headers }) => target(choice, Number(year), segment === 'none' ? undefined : segment, headers),
    touches: ['account', 'coverage'],
    onDone: (done) => {
      onDone()
      toast(t.targeted(formatCount(done.count)))
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <Select
          label={t.year}
          value={year}
          onChange={setYear}
          options={[now + 1, now, now - 1].map((one) => ({ id: String(one), label: String(one) }))}
        />
        <Select
          label={t.segment}
          value={segment || null}
          onChange={setSegment}
          options={[...optionsOf(t.segments), { id: 'none', label: t.noSegment }]}
        />
      </div>
      <Buttons
        label={t.bulkTarget}
        onClose={onClose}
        isPending={save.isPending}
        isDisabled={!segment}
        onGo={() => save.mutate(undefined)}
      />
    </>
  )
}
