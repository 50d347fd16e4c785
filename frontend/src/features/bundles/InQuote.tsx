import { Link } from '@tanstack/react-router'
import { Card, Section } from '../../shared/ui/Layout'
import { State } from '../../shared/ui/Record'
import { Money } from '../../shared/ui/Text'
import type { Quote } from '../orders/queries'
import { useBundles } from './words'

/** The quotes that are ordered with this one, and what they cost together. */
export default function InQuote({ quote }: { quote: Quote }) {
  const { inQuote: t } = useBundles()
  const { bundle } = quote
  if (!bundle) return null
  return (
    <Section title={t.title(bundle.name)} sub={t.why}>
      <Card>
        <ul className="flex flex-col gap-2">
          {bundle.quotes.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              {one.id === quote.id ? (
                <span className="font-medium">{one.solution_name}</span>
              ) : (
                <Link to={`/quotes/${one.id}` as string} className="text-accent-text hover:underline">
                  {one.solution_name}
                </Link>
              )}
              <span className="flex items-center gap-3">
                <State of="quote" value={one.state} />
                <Money fen={one.total_fen} />
              </span>
            </li>
          ))}
        </ul>
        <p className="mt-3 flex justify-between border-line border-t pt-3 font-medium">
          {t.total}
          <Money fen={bundle.total_fen} />
        </p>
      </Card>
    </Section>
  )
}
