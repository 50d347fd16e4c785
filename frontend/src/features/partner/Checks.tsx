import { CircleCheck, CircleX, Clock } from 'lucide-react'
import { wordOf } from '../../shared/i18n/domain'
import { Card, Section } from '../../shared/ui/Layout'
import type { Partner } from './queries'
import { usePartner } from './words'

const looks = {
  passed: [CircleCheck, 'text-jade'],
  failed: [CircleX, 'text-cinnabar'],
  waiting: [Clock, 'text-ink-3'],
} as const

/** What the machine found, at once. */
export function Checks({ checks }: { checks: Partner['checks'] }) {
  const t = usePartner()
  return (
    <Section title={t.checks} sub={t.checksSub}>
      <Card className="!py-1">
        <ul className="divide-y divide-line">
          {checks.map((check) => {
            const [Icon, tone] = looks[check.state]
            return (
              <li key={check.code} className="flex gap-2.5 py-2.5">
                <Icon size={18} className={`mt-0.5 shrink-0 ${tone}`} aria-hidden />
                <div className="min-w-0 flex-1">
                  <div className="flex justify-between gap-3">
                    <span>{wordOf(t.check, check.code)}</span>
                    <span className={`text-small ${tone}`}>{t.checkState[check.state]}</span>
                  </div>
                  {check.detail && <p className="text-ink-3 text-small">{check.detail}</p>}
                </div>
              </li>
            )
          })}
        </ul>
      </Card>
    </Section>
  )
}
