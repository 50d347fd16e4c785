import { Link } from '@tanstack/react-router'
import { Check, X } from 'lucide-react'
import { usePermissionName } from '../../shared/i18n/permissions'
import { linkTo } from '../../shared/lib/search'
import { Time } from '../../shared/ui/Text'
import type { AccessStep } from './accessQueries'
import { useAccess } from './accessWords'

/** Each step from the person to the customer: it holds, or it is what is missing. */
export function Steps({ steps }: { steps: AccessStep[] }) {
  const t = useAccess()
  return (
    <ol className="flex flex-col gap-1.5 text-left text-small">
      {steps.map((step) => (
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
              <Detail step={step} />
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

/** The sentence with the permission it names in words; its code is for whoever composes roles. */
function Detail({ step }: { step: AccessStep }) {
  const t = useAccess()
  const name = usePermissionName()
  if (!step.permission) return step.detail
  return (
    <>
      {t.named(step.detail, step.permission, name(step.permission))} <code className="whitespace-nowrap text-ink-3">{step.permission}</code>
    </>
  )
}
