import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { speedQuery } from './queries'
import { usePartner } from './words'

const hours = (value?: number) => (value === undefined ? '-' : String(Math.round(value * 10) / 10))
const percent = (value?: number) => (value === undefined ? '-' : `${Math.round(value)}%`)

/** How fast the firm answers and solves tickets; each figure leads to its rows. */
export default function Speed({ id }: { id: string }) {
  const t = usePartner().speed
  const months = useSuspenseQuery(speedQuery(id)).data.items
  if (!months.length) return null
  const to = (month: string, missed?: string) => (text: ReactNode) => (
    <Link
      to={'/tickets' as string}
      search={{ supplier: id, month, missed } as never}
      className="focus-ring rounded-check text-accent-text hover:underline"
    >
      {text}
    </Link>
  )
  return (
    <Section title={t.title} sub={t.sub} aside={<ExportLink path={`/api/partners/${id}/speed.xlsx`} filter={{}} />}>
      <MiniTable
        label={t.title}
        head={[t.month, t.tickets, t.respond, t.respondP90, t.respondShare, t.resolve, t.resolveP90, t.resolveShare]}
        end={[1, 2, 3, 4, 5, 6, 7]}
        rows={months.map((one) => ({
          id: one.month,
          cells: [
            one.month,
            to(one.month)(one.tickets),
            to(one.month)(hours(one.respond_p50)),
            to(one.month)(hours(one.respond_p90)),
            <Shared
              key="respond"
              share={percent(one.respond_share)}
              late={one.respond_late}
              words={t.late}
              link={to(one.month, 'response')}
            />,
            to(one.month)(hours(one.resolve_p50)),
            to(one.month)(hours(one.resolve_p90)),
            <Shared
              key="resolve"
              share={percent(one.resolve_share)}
              late={one.resolve_late}
              words={t.late}
              link={to(one.month, 'resolution')}
            />,
          ],
        }))}
      />
    </Section>
  )
}

/** The share in time, and the late ones it lacks. */
function Shared({
  share,
  late,
  words,
  link,
}: {
  share: string
  late: number
  words: (n: number) => string
  link: (text: ReactNode) => ReactNode
}) {
  return (
    <span className="whitespace-nowrap">
      {share}
      {late > 0 && <span className="ml-2">{link(words(late))}</span>}
    </span>
  )
}
