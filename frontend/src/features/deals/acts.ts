import type { Act } from '../../shared/ui/Actions'
import type { Deal } from './queries'
import { useDeals } from './words'

export function useDealActs(deal: Deal) {
  const t = useDeals()
  const simple = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const doubtful = deal.duplicates.length > 0
  const acts: Act[] = [
    simple('start_review'),
    {
      ...simple('approve'),
      ask: { title: t.ask.approve, help: doubtful ? t.ask.approveDuplicate : t.ask.approveWhy, reason: 'optional' },
    },
    { ...simple('reject'), isDanger: !doubtful, ask: { title: t.ask.reject, reason: 'required' } },
    { ...simple('extend'), ask: { title: t.ask.extend, reason: 'required', label: t.ask.extend } },
    { ...simple('lose'), ask: { title: t.ask.lose, reason: 'required' } },
    { ...simple('withdraw'), isDanger: true, ask: { title: t.ask.withdraw, help: t.ask.withdrawWhy, reason: 'optional' } },
  ]
  // a likely duplicate makes refusing the next step
  return { acts, primary: ['start_review', doubtful ? 'reject' : 'approve'] }
}
