import { Link } from '@tanstack/react-router'
import { list } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { pagesQuery, usePages } from '../../shared/api/pages'
import { formatPpm } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import type { Listing } from './queries'
import { useListings } from './words'

const overlaysOf = (listing: string) =>
  pagesQuery(['overlay', 'list', { listing }], (cursor, signal) =>
    list<Schemas['PageOverlayRow']>('/api/overlays', { listing, cursor, limit: 50 }, signal),
  )

/** What cities sell otherwise than the province, and how many of them have to decide on a change. */
export default function CityTerms({ listing }: { listing: Listing }) {
  const t = useListings().band
  const { rows, total } = usePages(overlaysOf(listing.id))
  const drifting = rows.filter((row) => row.state === 'drifting').length
  return (
    <Section
      title={t.cities}
      sub={`${listing.floor_ppm ? t.range(formatPpm(listing.floor_ppm), formatPpm(listing.ceiling_ppm)) : t.none} ${t.count(total ?? rows.length, drifting)}`}
      aside={
        rows.length > 0 && (
          <Link to={`/overlays?listing=${listing.id}` as string} className="text-accent-text text-small hover:underline">
            {t.all}
          </Link>
        )
      }
    >
      {rows.length > 0 && (
        <MiniTable
          label={t.cities}
          head={[t.city, t.prices, t.deliverer, t.state]}
          end={[1]}
          rows={rows.slice(0, 21).map((row) => ({
            id: row.id ?? row.city_name,
            cells: [
              <Link key="city" to={`/overlays/${row.id}` as string} className="text-accent-text hover:underline">
                {row.city_name}
              </Link>,
              String(row.prices),
              row.deliverer_name || '-',
              row.state === 'drifting' ? (
                <span key="state" className="inline-flex flex-wrap items-center gap-2">
                  <Tag tone={row.late ? 'cinnabar' : 'amber'}>{t.drifting}</Tag>
                  {row.drifted_at && <Time value={row.drifted_at} as="date" className="text-ink-3 text-small" />}
                </span>
              ) : (
                <Tag key="state" tone="jade">
                  {t.settled}
                </Tag>
              ),
            ],
          }))}
        />
      )}
    </Section>
  )
}
