import { useQuery } from '@tanstack/react-query'
import { Star as Icon } from 'lucide-react'
import { useWrite } from '../../shared/api/mutate'
import { cx } from '../../shared/lib/cx'
import { favour, favouritesQuery, type Offer } from './queries'
import { useMarket } from './words'

/** Puts a solution on the person's shelf or takes it off. */
export function Star({ offer, className }: { offer: Pick<Offer, 'id' | 'solution_id' | 'name'>; className?: string }) {
  const t = useMarket()
  const shelf = useQuery(favouritesQuery).data?.items
  const on = !!shelf?.some((one) => one.solution_id === offer.solution_id)
  const write = useWrite({
    run: (favourite: boolean, { headers }) => favour(offer.id, favourite, headers),
    touches: [favouritesQuery.queryKey],
  })
  const shown = write.isPending ? write.variables : on
  return (
    <button
      type="button"
      aria-pressed={shown}
      aria-label={t.star(offer.name)}
      title={shown ? t.unstar : t.toStar}
      onClick={() => write.mutate(!on)}
      className={cx(
        'focus-ring hit grid size-8 place-items-center rounded-control bg-sheet/90',
        shown ? 'text-amber' : 'text-ink-3',
        className,
      )}
    >
      <Icon size={17} aria-hidden fill={shown ? 'currentColor' : 'none'} />
    </button>
  )
}
