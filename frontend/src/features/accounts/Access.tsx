import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { wordOf } from '../../shared/i18n/domain'
import { linkTo } from '../../shared/lib/search'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Time } from '../../shared/ui/Text'
import { accessQuery } from './queries'
import { useAccounts } from './words'

/** Who can see this customer, by which reason, and until when. */
export function AccessPanel({ id }: { id: string }) {
  const t = useAccounts()
  const rows = useSuspenseQuery(accessQuery(id)).data.items
  return (
    <Section title={t.access} sub={t.accessSub}>
      <MiniTable
        label={t.access}
        head={[t.accessWho, t.accessVia, t.accessFields, t.accessUntil]}
        rows={rows.map((row, index) => ({
          id: `${row.who}${index}`,
          cells: [
            <span key="who" className="font-medium">
              {row.who}
            </span>,
            <span key="via">
              {row.link ? (
                <Link {...linkTo(row.link)} className="text-accent-text hover:underline">
                  {wordOf(t.via, row.via)}
                </Link>
              ) : (
                wordOf(t.via, row.via)
              )}
              {row.detail && <span className="block text-ink-3 text-small">{row.detail}</span>}
            </span>,
            row.fields?.length ? row.fields.join('、') : t.allFields,
            row.until ? <Time key="until" value={row.until} as="date" /> : t.noEnd,
          ],
        }))}
      />
    </Section>
  )
}
