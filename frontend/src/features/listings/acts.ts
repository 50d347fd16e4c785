import { useNavigate } from '@tanstack/react-router'
import type { Act } from '../../shared/ui/Actions'
import type { ListingRow } from './queries'
import type { Times } from './TimesDialog'
import { useListings } from './words'

export function useListingActs(
  listing: ListingRow,
  failing: boolean,
  onRise: (back: boolean) => void,
  onTimes: (what: Times) => void,
  onBand: () => void,
) {
  const navigate = useNavigate()
  const t = useListings()
  const simple = (id: keyof typeof t.done): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('submit'),
    { ...simple('approve'), run: () => onTimes('approve') },
    { ...simple('publish_now'), ask: { title: t.ask.publish_now, help: t.ask.approveWhy } },
    { ...simple('return'), ask: { title: t.ask.return, reason: 'required' } },
    simple('resume'),
    { id: 'nominate', label: t.acts.nominate, done: t.nominate.done, run: () => onRise(false) },
    { id: 'go_back', label: t.acts.go_back, done: t.goBack.done, run: () => onRise(true) },
    { id: 'set_band', label: t.band.act, done: t.band.done, run: onBand },
    { ...simple('suspend'), isDanger: true, ask: { title: t.ask.suspend, reason: 'required' } },
    { ...simple('retire'), isDanger: true, run: () => onTimes('retire') },
    { id: 'open_preview', label: t.acts.open_preview, done: '', run: () => navigate({ to: `/market/${listing.id}` as string }) },
    { id: 'show_before', label: t.acts.show_before, done: '', run: () => onTimes('preview') },
  ]
  return { acts, primary: failing ? ['return', 'submit', 'resume'] : ['submit', 'approve', 'resume', 'nominate'] }
}
export const listingTouches = ['listing', 'review', 'market', 'home', 'solution']
