import { GitMerge } from 'lucide-react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { Banner } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type Account, undoMerge } from './queries'
import { useAccounts } from './words'

/** Said when the page was asked for by an account that was merged. */
export function MergedFrom({ account }: { account: Account }) {
  const t = useAccounts()
  if (!account.merged_from) return null
  return (
    <Banner tone="accent" icon={<GitMerge size={18} aria-hidden />} title={t.merged(account.merged_from)}>
      {t.mergedWhy}
    </Banner>
  )
}

export function Merges({ account, canUndo }: { account: Account; canUndo: boolean }) {
  const t = useAccounts()
  const undo = useWrite({
    run: (id: string, { headers }) => undoMerge(id, headers),
    touches: ['account', 'duplicate'],
    onDone: () => toast(t.unmerged),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  if (account.merges.length === 0) return null
  return (
    <Section title={t.mergesTitle}>
      <ul className="divide-y divide-line rounded-card border border-line">
        {account.merges.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5">
            <span>
              <span className="font-medium">{one.name}</span>
              <span className="ml-2 text-ink-3 text-small">
                {t.mergedBy(one.made_by)} <Time value={one.made_at} as="date" />
              </span>
            </span>
            {canUndo && (
              <Button size="small" onPress={() => undo.mutateAsync(one.id)}>
                {t.unmerge}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
