import type { Act } from '../../shared/ui/Actions'
import type { ListingRow } from './queries'
import { useListings } from './words'

export function useListingActs(listing: ListingRow, failing: boolean) {
  const t = useListings()
  const simple = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('submit'),
    { ...simple('approve'), ask: { title: t.ask.approve, help: t.ask.approveWhy, reason: 'optional' } },
    { ...simple('return'), ask: { title: t.ask.return, reason: 'required' } },
    simple('resume'),
    { ...simple('suspend'), isDanger: true, ask: { title: t.ask.suspend, reason: 'required' } },
    {
      ...simple('retire'),
      isDanger: true,
      ask: { title: t.ask.retire, help: t.ask.retireWhy, reason: 'required', typed: listing.solution_name },
    },
  ]
  return { acts, primary: failing ? ['return', 'submit', 'resume'] : ['submit', 'approve', 'resume'] }
}
export const listingTouches = ['listing', 'review', 'market', 'home', 'solution']
