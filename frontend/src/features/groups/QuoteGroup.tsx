import { useQuery } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import { act } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { formatCount, formatPpm } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Banner } from '../../shared/ui/Record'
import { toast } from '../../shared/ui/Toast'
import type { Quote } from '../orders/queries'
import { type Group, groupsQuery } from './queries'
import { useGroups } from './words'

/** A group purchase that the quote takes part in, has to choose about, or could join. */
export default function QuoteGroup({ quote }: { quote: Quote }) {
  const t = useGroups().quote
  const joinable = quote.actions.includes('join_group')
  const open = useQuery({ ...groupsQuery(quote.listing_id), enabled: joinable })
  const [joining, setJoining] = useState<Group>()
  const acts = (
    <Actions
      resource="quotes"
      id={quote.id}
      allowed={quote.actions}
      size="small"
      touches={['quote', 'group', 'home']}
      primary={['keep_group']}
      acts={[
        { id: 'leave_group', label: t.leave, done: t.left },
        { id: 'keep_group', label: t.keep, done: t.kept },
        { id: 'decline_group', label: t.decline, done: t.declined },
      ]}
    />
  )
  const icon = <UsersRound size={18} aria-hidden />
  if (quote.group?.state === 'joined')
    return (
      <Banner tone="accent" icon={icon} title={t.in(quote.group.name)} action={acts}>
        {t.inWhy(quote.group.closes_on)}
      </Banner>
    )
  if (quote.group)
    return (
      <Banner tone="amber" icon={icon} title={t.choice(quote.group.name)} action={acts}>
        {t.choiceWhy(quote.group.reached_ppm ? t.off(formatPpm(quote.group.reached_ppm)) : t.nothing)}
      </Banner>
    )
  const group = open.data?.items[0]
  if (!joinable || !group) return null
  return (
    <>
      <Banner tone="accent" icon={icon} title={t.open(group.name)} action={<Button onPress={() => setJoining(group)}>{t.join}</Button>}>
        {t.openWhy}
      </Banner>
      {joining && <Join quote={quote} group={joining} onClose={() => setJoining(undefined)} />}
    </>
  )
}

function Join({ quote, group, onClose }: { quote: Quote; group: Group; onClose: () => void }) {
  const t = useGroups()
  const common = useCommon()
  const [least, setLeast] = useState('0')
  const write = useWrite({
    run: (min: number, { headers }) => act('quotes', quote.id, 'join_group', { group_id: group.id, min_ppm: min }, headers),
    touches: ['quote', 'group', 'home'],
    onDone: () => {
      onClose()
      toast(t.quote.joined)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={group.name}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(Number(least))}>
            {t.quote.join}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-ink-2">
        {t.units(formatCount(group.units))} · {t.until(group.closes_on)}
      </p>
      <NativeSelect
        label={t.quote.least}
        value={least}
        onChange={setLeast}
        options={[
          { id: '0', label: t.quote.any },
          ...group.steps.map((step) => ({ id: String(step.ppm), label: t.step(formatCount(step.from), formatPpm(step.ppm)) })),
        ]}
      />
      {write.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(write.error)}
        </p>
      )}
    </Dialog>
  )
}
