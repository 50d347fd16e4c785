import { CircleCheck } from 'lucide-react'
import { Section } from '../../shared/ui/Layout'
import { Tag } from '../../shared/ui/Tag'
import type { Account } from './queries'
import { Score } from './Score'
import { useAccounts } from './words'

/** How good the record is, what lowers it, and what to do about it. */
export function Quality({ account }: { account: Account }) {
  const t = useAccounts()
  return (
    <Section title={t.quality} aside={<Score value={account.quality} />}>
      {account.targets.length > 0 && (
        <p className="mb-3 flex flex-wrap gap-2">
          {account.targets.map((one) => (
            <Tag key={one.year} tone="accent">
              {t.targetYear(one.year, t.segments[one.segment])}
            </Tag>
          ))}
        </p>
      )}
      {account.issues.length === 0 ? (
        <p className="flex items-center gap-2 text-ink-2">
          <CircleCheck size={16} className="text-jade" aria-hidden />
          {t.qualityFine}
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line">
          {account.issues.map((issue) => (
            <li key={issue.code + issue.field} className="flex items-baseline justify-between gap-4 px-4 py-2.5">
              <span>{issue.detail}</span>
              <span className="num shrink-0 text-amber text-small">{t.points(issue.points)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
