import { Link } from '@tanstack/react-router'
import { useReference } from '../../shared/api/reference'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { Cover } from '../../shared/ui/Cover'
import { RisingBars } from '../../shared/ui/RisingBars'
import { StatusTag } from '../../shared/ui/Tag'
import { Hit } from './Hit'
import type { Offer } from './queries'
import { Star } from './Star'
import { useMarket } from './words'

type Props = { offer: Offer; q?: string; compared?: boolean; onCompare?: (on: boolean) => void }

export function OfferCard({ offer, q, compared, onCompare }: Props) {
  const t = useMarket()
  const { reference, name } = useReference()
  return (
    <article className="relative flex h-full flex-col">
      <Link
        to={`/market/${offer.id}` as string}
        className="focus-ring flex flex-1 flex-col overflow-hidden rounded-card border border-line bg-sheet hover:border-line-strong"
      >
        <Cover industry={offer.industry} label={name(reference.industries, offer.industry)} badge={offer.new && t.isNew} />
        <div className="flex flex-1 flex-col p-4">
          <h2 className="font-semibold text-section">
            <Hit text={offer.name} q={q} />
          </h2>
          <p className="mt-1 line-clamp-2 text-ink-2 text-small">
            <Hit text={offer.summary} q={q} />
          </p>
          <p className="mt-2 mb-3 flex flex-wrap items-center gap-2 text-ink-3 text-small">
            <span>
              <Hit text={offer.partner_name} q={q} />
            </span>
            {offer.certified && <StatusTag state="certified">{t.isCertified}</StatusTag>}
          </p>
          <div className="num mt-auto flex items-center justify-between gap-3 border-line border-t pt-3 text-small">
            <span className="flex min-w-0 items-center gap-2.5 text-ink-2">
              <RisingBars reach={offer.scope === 'province' ? 'province' : 'city'} />
              <span className="truncate">{t.cities(offer.cities, formatCount(offer.accounts))}</span>
            </span>
            <span className="shrink-0 font-medium text-accent-text">
              {offer.commission_ppm ? t.commission(formatPpm(offer.commission_ppm)) : t.from(formatFen(offer.from_fen, { trim: true }))}
            </span>
          </div>
        </div>
      </Link>
      <Star offer={offer} className="absolute top-2 right-2" />
      {onCompare && (
        <label className="hit mt-1.5 flex w-fit items-center gap-2 text-ink-3 text-small">
          <input
            type="checkbox"
            checked={!!compared}
            onChange={(event) => onCompare(event.target.checked)}
            className="size-4 accent-accent"
          />
          {t.compare}
          <span className="sr-only">{offer.name}</span>
        </label>
      )}
    </article>
  )
}
