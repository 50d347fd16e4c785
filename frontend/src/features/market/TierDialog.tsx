import { useQuery } from '@tanstack/react-query'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Dialog } from '../../shared/ui/Dialog'
import { Skeleton } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { say, useTiers } from '../partner/tiers'
import { tierCriteriaQuery } from './queries'
import { useMarket } from './words'

/** What each tier asks for, by the formula in force. */
export default function TierDialog({ tier, onClose }: { tier: string; onClose: () => void }) {
  const t = useMarket().tiers
  const { metrics } = useTiers()
  const d = useDomain()
  const { data: criteria, isPending } = useQuery(tierCriteriaQuery)
  return (
    <Dialog isOpen onClose={onClose} title={t.title}>
      {isPending && <Skeleton rows={4} />}
      {!isPending && !criteria && <p className="text-ink-3">{t.none}</p>}
      {criteria && (
        <>
          <p className="mb-3 text-ink-3 text-small">{t.sub(criteria.formula, formatTime(criteria.since, 'date'))}</p>
          <ul className="flex flex-col gap-4">
            {criteria.tiers.map((one) => (
              <li key={one.tier}>
                <p className="flex items-center gap-2 font-medium">
                  {wordOf(d.tier, one.tier)} {one.tier === tier && <Tag tone="accent">{t.theirs}</Tag>}
                </p>
                <p className="text-ink-2">{t.points(one.points)}</p>
                <ul className="text-ink-2 text-small">
                  {one.floors.map((floor) => (
                    <li key={floor.metric}>
                      {metrics[floor.metric]} {floor.at_most ? t.atMost : t.atLeast}{' '}
                      <span className="num">{say(floor.value, floor.unit)}</span>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
