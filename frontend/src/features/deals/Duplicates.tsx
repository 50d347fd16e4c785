import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import type { Deal } from './queries'
import { useDeals } from './words'

/** For the reviewer: what else there is on this customer, and why it counts. */
export function Duplicates({ deal }: { deal: Deal }) {
  const t = useDeals()
  if (!deal.duplicates.length) return <Banner tone="jade" icon={<CircleCheck size={18} aria-hidden />} title={t.noDuplicates} />
  return (
    <Section title={t.duplicates} sub={t.duplicatesSub}>
      <MiniTable
        label={t.duplicates}
        head={[t.columns.number, t.columns.partner, t.duplicates, t.columns.state, t.seen]}
        rows={deal.duplicates.map((one, index) => ({
          id: one.deal_id ?? `${one.why}${index}`,
          cells: [
            one.deal_id ? (
              <Link key="deal" to={`/deals/${one.deal_id}` as string} className="text-accent-text hover:underline">
                {one.number}
              </Link>
            ) : (
              (one.number ?? '-')
            ),
            one.partner ?? '-',
            <Tag key="why" tone="amber">
              {t.why[one.why]}
            </Tag>,
            one.state ? <State key="state" of="deal" value={one.state} /> : '-',
            <Time key="at" value={one.at} />,
          ],
        }))}
      />
    </Section>
  )
}
