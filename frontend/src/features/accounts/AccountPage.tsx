import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Calculator, Eye, EyeOff, Pencil } from 'lucide-react'
import { lazy, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EventTimeline, RecordPage } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { type Account, accountQuery } from './queries'
import { Reveal } from './Reveal'
import { useAccounts } from './words'

const AccessPanel = lazy(() => import('./Access'))
const Parts = lazy(() => import('./Parts'))
const MergedFrom = lazy(() => import('./Merges').then((module) => ({ default: module.MergedFrom })))

export function AccountPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useAccounts()
  const d = useDomain()
  const { id } = useParams({ strict: false }) as { id: string }
  const account = useSuspenseQuery(accountQuery(id)).data
  const partner = useMe().membership.tenant_kind === 'partner'
  const can = (action: string) => account.actions.includes(action)
  return (
    <>
      <PageHeader
        title={account.name}
        crumbs={[{ label: t.title, to: '/accounts' }]}
        tags={
          <>
            <Tag tone={account.existing ? 'jade' : 'neutral'}>{account.existing ? t.existing : t.potential}</Tag>
            <Tag>{d.accountKind[account.kind]}</Tag>
            <Tag tone="accent">{account.tier}</Tag>
          </>
        }
        actions={
          <>
            {can('edit') && (
              <LinkButton to={`/accounts/${id}/edit` as string} icon={<Pencil size={16} aria-hidden />}>
                {t.edit}
              </LinkButton>
            )}
            {can('quote') && (
              <LinkButton
                to={'/quotes/new' as string}
                search={{ account: id } as never}
                variant="primary"
                icon={<Calculator size={16} aria-hidden />}
              >
                {t.quote}
              </LinkButton>
            )}
          </>
        }
      />
      {account.merged_from && <MergedFrom account={account} />}
      <Columns aside={<Aside account={account} />}>
        <Basics account={account} />
        <Part>
          <Parts account={account} partner={partner} canEdit={can('edit')} canUndo={can('merge')} />
        </Part>
        {can('explain') && (
          <Part>
            <AccessPanel id={id} canGrant={can('grant')} />
          </Part>
        )}
      </Columns>
    </>
  )
}

function Basics({ account }: { account: Account }) {
  const t = useAccounts()
  const { reference, name } = useReference()
  const city = reference.cities.find((one) => one.code === account.city_code)
  const district = city?.districts.find((one) => one.code === account.district_code)
  return (
    <Section title={t.basics}>
      <Card>
        <Facts
          wide
          items={[
            { label: t.columns.code, value: <span className="num">{account.credit_code}</span> },
            { label: t.columns.industry, value: name(reference.industries, account.industry) },
            { label: t.columns.place, value: [city?.name, district?.name].filter(Boolean).join(' ') },
            { label: t.columns.owner, value: account.owner_name || t.unowned },
            { label: t.staff, value: t.people(formatCount(account.staff_size)) },
            { label: t.informatisation, value: t.level(account.informatisation) },
            { label: t.demand, value: account.demand ? wordOf(t.demands, account.demand) : t.unknown },
            { label: t.address, value: <Maybe account={account} field="address" /> },
          ]}
        />
      </Card>
    </Section>
  )
}

/** A value, or that it is masked. */
function Maybe({ account, field }: { account: Account; field: 'address' | 'contact_name' | 'contact_phone' | 'contact_email' }) {
  const t = useAccounts()
  const masked = account.masked.includes(field)
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-1.5 break-all md:justify-start">
      {account[field] || (masked ? '' : '-')}
      {masked && (
        <span className="inline-flex items-center gap-1 whitespace-nowrap text-ink-3 text-meta">
          <EyeOff size={13} aria-hidden />
          {t.masked}
        </span>
      )}
    </span>
  )
}

function Aside({ account }: { account: Account }) {
  const t = useAccounts()
  const d = useDomain()
  const { access } = account
  const [shown, setShown] = useState<Schemas['Uncovered']>()
  const contact = shown ? { ...account, ...shown, masked: [] } : account
  const masked = contact.masked.some((field) => field.startsWith('contact'))
  const until = account.access_until ?? access.until
  return (
    <>
      <Section title={t.contact}>
        <Card>
          <Facts
            items={[
              { label: t.contactName, value: <Maybe account={contact} field="contact_name" /> },
              { label: t.contactPhone, value: <Maybe account={contact} field="contact_phone" /> },
              { label: t.contactEmail, value: <Maybe account={contact} field="contact_email" /> },
            ]}
          />
          {masked && (
            <div className="mt-3 border-line border-t pt-3">
              <p className="text-ink-3 text-small">{t.maskedWhy}</p>
              {account.actions.includes('reveal') && (
                <div className="mt-2">
                  <Reveal id={account.id} onShown={setShown} />
                </div>
              )}
            </div>
          )}
        </Card>
      </Section>
      <Section title={t.why}>
        <Card>
          <p className="flex items-start gap-2">
            <Eye size={16} className="mt-0.5 shrink-0 text-accent" aria-hidden />
            <span>
              <span className="font-medium">{wordOf(t.via, access.via)}</span>
              {access.detail && <span className="block text-ink-2 text-small">{access.detail}</span>}
              {access.link && (
                <Link to={access.link} className="block text-accent-text text-small hover:underline">
                  {d.view}
                </Link>
              )}
              {until && (
                <span className="block text-ink-3 text-small">
                  {t.until} <Time value={until} as="date" />
                </span>
              )}
            </span>
          </p>
        </Card>
      </Section>
      {account.events.length > 0 && (
        <Section title={d.history}>
          <EventTimeline events={account.events} />
        </Section>
      )}
    </>
  )
}
