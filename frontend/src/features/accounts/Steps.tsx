import { Link } from '@tanstack/react-router'
import { Check, X } from 'lucide-react'
import { linkTo } from '../../shared/lib/search'
import { Time } from '../../shared/ui/Text'
import type { AccessPath } from './accessQueries'
import { useAccess } from './accessWords'

/** Each step from the person to the customer: it holds, or it is what is missing. */
export function Steps({ path }: { path: AccessPath }) {
  const t = useAccess()
  return (
    <ol className="flex flex-col gap-1.5 text-small">
      {path.steps.map((step) => (
        <li key={`${step.code} ${step.detail}`} className="flex items-start gap-2">
          {step.holds ? (
            <Check size={15} className="mt-0.5 shrink-0 text-jade" aria-label={t.holds} />
          ) : (
            <X size={15} className="mt-0.5 shrink-0 text-cinnabar" aria-label={t.missing} />
          )}
          <span>
            {step.link ? (
              <Link {...linkTo(step.link)} className="text-accent-text hover:underline">
                {step.detail}
              </Link>
            ) : (
              step.detail
            )}
            {step.until && (
              <span className="text-ink-3">
                {' '}
                {t.until} <Time value={step.until} as="dateTime" />
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}
