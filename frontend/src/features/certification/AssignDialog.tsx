import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { useAssign } from './assignWords'
import { type Assigned, assignCases, assignOne, type Proposal, proposalQuery } from './queries'

type Props = { ids: string[]; onClose: () => void; onDone?: () => void }
type ProposedCase = Proposal['cases'][number]

const touches = ['certification', 'home']
const round = (days: number) => Math.round(days * 10) / 10

/** Cases shared out by load: the proposal, what may be changed in it, and what came of it. */
export default function AssignDialog({ ids, onClose, onDone }: Props) {
  const t = useAssign()
  const [refused, setRefused] = useState<Assigned[]>()
  const common = useCommon()
  if (refused)
    return (
      <Dialog isOpen onClose={onClose} title={t.refused(refused.length)} footer={<Button onPress={onClose}>{t.close}</Button>}>
        <ul className="flex flex-col gap-2">
          {refused.map((one) => (
            <li key={one.id}>
              <span className="text-ink-3">{one.number}</span> {one.reason}
            </li>
          ))}
        </ul>
      </Dialog>
    )
  return (
    <Dialog isOpen onClose={onClose} title={t.title} size="medium">
      <Part>
        <Proposed
          ids={ids}
          onClose={onClose}
          cancel={common.cancel}
          onDone={(left) => {
            onDone?.()
            if (left.length) setRefused(left)
            else onClose()
          }}
        />
      </Part>
    </Dialog>
  )
}

function Proposed({
  ids,
  cancel,
  onClose,
  onDone,
}: {
  ids: string[]
  cancel: string
  onClose: () => void
  onDone: (left: Assigned[]) => void
}) {
  const t = useAssign()
  const { testers, cases } = useSuspenseQuery(proposalQuery(ids)).data
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [reason, setReason] = useState('')
  const [single] = cases
  const taken = ids.length === 1 && single?.state === 'testing' ? single.tester_name : undefined
  const testerOf = (one: ProposedCase) => chosen[one.id] ?? one.tester_id ?? 'nobody'
  const given = cases.filter((one) => testerOf(one) !== 'nobody').map((one) => ({ id: one.id, tester_id: testerOf(one) }))
  const write = useWrite({
    run: async (_: { given: typeof given; reason: string }, { headers }) => {
      const [one] = given
      if (!taken || !one) return (await assignCases(given, headers)).items
      await assignOne(one.id, { tester_id: one.tester_id, reason: reason.trim() }, headers)
      return [{ id: one.id, done: true }] as Assigned[]
    },
    touches,
    onDone: (items) => {
      const done = items.filter((one) => one.done).length
      if (done) toast(t.done(done))
      onDone(items.filter((one) => !one.done))
    },
  })
  return (
    <>
      <p className="mb-4 text-ink-2">{t.sub}</p>
      <MiniTable
        label={t.title}
        head={t.head}
        end={[1]}
        rows={cases.map((one) => ({
          id: one.id,
          cells: [
            <span key="case">
              {one.solution_name} <span className="text-ink-3">{one.semver}</span>
              <span className="block text-ink-3 text-small">{one.partner_name}</span>
            </span>,
            t.days(round(one.days)),
            <Choice
              key="tester"
              one={one}
              testers={testers}
              value={testerOf(one)}
              taken={!!taken}
              onChange={(tester) => setChosen({ ...chosen, [one.id]: tester })}
            />,
          ],
        }))}
      />
      {taken && (
        <TextArea
          className="mt-4"
          label={t.reason}
          description={t.reasonHelp(taken)}
          value={reason}
          onChange={setReason}
          isRequired
          maxLength={500}
        />
      )}
      <h3 className="mt-5 mb-2 font-medium">{t.load}</h3>
      <MiniTable
        label={t.load}
        head={t.loadHead}
        end={[1, 2]}
        rows={testers.map((tester) => {
          const more = cases.filter((one) => testerOf(one) === tester.id)
          const days = tester.days + more.reduce((sum, one) => sum + one.days, 0)
          return {
            id: tester.id,
            cells: [tester.name, t.inHand(tester.cases, round(tester.days)), t.inHand(tester.cases + more.length, round(days))],
          }
        })}
      />
      {write.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(write.error)}
        </p>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button onPress={onClose}>{cancel}</Button>
        <Button
          variant="primary"
          isDisabled={given.length === 0 || (!!taken && !reason.trim())}
          isPending={write.isPending}
          onPress={() => write.mutate({ given, reason })}
        >
          {t.go(given.length)}
        </Button>
      </div>
    </>
  )
}

function Choice({
  one,
  testers,
  value,
  taken,
  onChange,
}: {
  one: ProposedCase
  testers: Proposal['testers']
  value: string
  taken: boolean
  onChange: (tester: string) => void
}) {
  const t = useAssign()
  const why = (id: string) => one.left_out.find((x) => x.id === id)?.reason
  if (one.reason && !taken) return <span className="text-amber">{one.reason}</span>
  return (
    <Select
      label={`${t.tester} ${one.number}`}
      hideLabel
      value={value}
      onChange={onChange}
      options={[
        { id: 'nobody', label: t.nobody },
        ...testers.map((tester) => ({
          id: tester.id,
          label: tester.name,
          description: why(tester.id) ? `${t.leftOut}: ${why(tester.id)}` : t.inHand(tester.cases, round(tester.days)),
          isDisabled: !!why(tester.id),
        })),
      ]}
    />
  )
}
