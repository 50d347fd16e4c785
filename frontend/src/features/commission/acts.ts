import type { Act } from '../../shared/ui/Actions'
import { useCommission } from './words'

export function useLineActs(): Act[] {
  const { receipt: r } = useCommission()
  return [
    { id: 'dispute', label: r.dispute, done: r.disputed, ask: { title: r.disputeAsk, reason: 'required' } },
    { id: 'settle_dispute', label: r.settle, done: r.settled, ask: { title: r.settle, label: r.settleAsk, reason: 'required' } },
  ]
}
