import type { Act } from '../../shared/ui/Actions'
import type { ListingRow } from './queries'
import { useListings } from './words'

export function useListingActs(listing: ListingRow, failing: boolean, onRise: (back: boolean) => void) {
  const t = useListings()
  const simple = (id: keyof typeof t.done): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('submit'),
    { ...simple('approve'), ask: { title: t.ask.approve, help: t.ask.approveWhy, reason: 'optional' } },
    { ...simple('return'), ask: { title: t.ask.return, reason: 'required' } },
    simple('resume'),
    { id: 'nominate', label: t.acts.nominate, done: t.nominate.done, run: () => onRise(false) },
    { id: 'go_back', label: t.acts.go_back, done: t.goBack.done, run: () => onRise(true) },
    { ...simple('suspend'), isDanger: true, ask: { title: t.ask.suspend, reason: 'required' } },
    {
      ...simple('retire'),
      isDanger: true,
      ask: { title: t.ask.retire, help: t.ask.retireWhy, reason: 'required', typed: listing.solution_name },
    },
  ]
  return { acts, primary: failing ? ['return', 'submit', 'resume'] : ['submit', 'approve', 'resume', 'nominate'] }
}
export const listingTouches = ['listing', 'review', 'market', 'home', 'solution']
