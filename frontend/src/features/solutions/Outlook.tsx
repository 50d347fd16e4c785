import { useSuspenseQuery } from '@tanstack/react-query'
import { Section } from '../../shared/ui/Layout'
import { outlookQuery } from './queries'
import { useSolutions } from './words'

/** What handing the draft in would have tested again, beside a certified version. */
export default function Outlook({ version }: { version: string }) {
  const t = useSolutions().outlook
  const outlook = useSuspenseQuery(outlookQuery(version)).data
  if (!outlook.base) return null
  return (
    <Section title={t.title} className="mt-6">
      <p className={outlook.light ? 'text-jade' : 'text-ink-2'}>
        {outlook.light ? t.light : t.tested(outlook.tested.length, outlook.kept)}
      </p>
      {!outlook.light && outlook.tested.length > 0 && (
        <ul className="mt-2 list-disc pl-5 text-ink-2 text-small">
          {outlook.tested.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <p className="mt-2 text-ink-3 text-small">
        {outlook.changes.length ? t.changes(outlook.changes.join(t.comma)) : t.same} {t.base(outlook.base)}
      </p>
    </Section>
  )
}
