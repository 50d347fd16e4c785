import { Check, CircleAlert, Clock, Copy, X } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { cx } from '../../shared/lib/cx'
import { Button } from '../../shared/ui/Button'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { checkDomain, type MailDomain } from './queries'
import { useProviders } from './words'

const looks = {
  pending: { tone: 'amber', icon: Clock },
  proven: { tone: 'jade', icon: Check },
  failing: { tone: 'amber', icon: CircleAlert },
  unproven: { tone: 'cinnabar', icon: X },
} as const

/** The mail domains of the services: each leads people there once its zone says so. */
export function Domains({ items }: { items: MailDomain[] }) {
  const t = useProviders()
  if (!items.length) return null
  return (
    <Section title={t.proofs} sub={t.proofsWhy}>
      <div className="flex flex-col gap-3">
        {items.map((one) => (
          <One key={one.id} domain={one} />
        ))}
      </div>
    </Section>
  )
}

function One({ domain }: { domain: MailDomain }) {
  const t = useProviders()
  const [missed, setMissed] = useState<string[]>()
  const check = useWrite({
    run: (id: string) => checkDomain(id),
    touches: ['provider'],
    onDone: ({ ok, seen }) => {
      setMissed(ok ? undefined : seen)
      if (ok) toast(t.domainProven(domain.domain))
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const look = looks[domain.state]
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex min-w-0 flex-wrap items-center gap-2 font-medium">
          <span className="break-all">{domain.domain}</span>
          <Tag tone={look.tone} icon={look.icon}>
            {t.domainStates[domain.state]}
          </Tag>
        </h3>
        {domain.actions.includes('check') && (
          <Button size="small" isPending={check.isPending} onPress={() => check.mutate(domain.id)}>
            {t.checkDomain}
            <span className="sr-only"> {domain.domain}</span>
          </Button>
        )}
      </div>
      <p className="mb-3 text-ink-2 text-small">
        {domain.state === 'failing' ? t.failingWhy(domain.days_left) : t.stateWhy[domain.state]}
        {domain.checked_at && (
          <span className="text-ink-3">
            {' '}
            {t.lastChecked} <Time value={domain.checked_at} as="dateTime" />
          </span>
        )}
      </p>
      <Facts
        wide
        items={[
          { label: t.recordType, value: 'TXT' },
          { label: t.recordName, value: <Copied text={domain.record} className="max-md:justify-end" /> },
          { label: t.recordValue, value: <Copied text={domain.value} className="max-md:justify-end" /> },
        ]}
      />
      {missed && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {missed.length ? t.otherRecord(missed.join(' · ')) : t.noRecord}
        </p>
      )}
    </Card>
  )
}

/** A text to copy into the settings of another system. */
export function Copied({ text, className }: { text: string; className?: string }) {
  const t = useProviders()
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    toast(t.copied)
  }
  return (
    <span className={cx('flex flex-wrap items-center gap-2', className)}>
      <code className="min-w-0 break-all">{text}</code>
      <Button size="small" variant="quiet" icon={<Copy size={14} aria-hidden />} onPress={copy}>
        {t.copy}
        <span className="sr-only"> {text}</span>
      </Button>
    </span>
  )
}
