import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { CircleDot, Lock } from 'lucide-react'
import { lazy } from 'react'
import { useDomain } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { ElementTable } from './ElementTable'
import { MenuSays } from './MenuSays'
import { type Version, versionQuery } from './queries'
import { useSolutions } from './words'

const VersionEditor = lazy(() => import('./VersionEditor'))
const TrialFacts = lazy(() => import('./TrialFacts'))
const Files = lazy(() => import('./Files').then((module) => ({ default: module.Files })))

export function VersionPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useSolutions()
  const { id } = useParams({ strict: false }) as { id: string }
  const version = useSuspenseQuery(versionQuery(id)).data
  const e = t.editor
  const editable = version.actions.includes('edit')
  return (
    <>
      <PageHeader
        title={
          <>
            {version.solution_name} <span className="font-normal text-ink-3">{version.semver}</span>
          </>
        }
        documentTitle={`${version.solution_name} ${version.semver}`}
        crumbs={[
          { label: t.title, to: '/solutions' },
          { label: version.solution_name, to: `/solutions/${version.solution_id}` },
        ]}
        tags={<State of="version" value={version.state} />}
        actions={
          <>
            <LinkButton to={`/versions/${id}/difference` as string}>{t.difference.open}</LinkButton>
            <Actions
              resource="versions"
              id={id}
              allowed={version.actions}
              acts={[
                { id: 'revise', label: e.revise, done: e.revised },
                {
                  id: 'withdraw',
                  label: e.withdraw,
                  done: e.withdrawn,
                  isDanger: true,
                  ask: { title: e.withdrawTitle, help: e.withdrawWhy, reason: 'optional' },
                },
              ]}
              primary={['revise']}
              touches={['version', 'solution', 'home', 'certification']}
            />
          </>
        }
      />
      {!editable && <Why version={version} />}
      <Part>{editable ? <VersionEditor key={version.version} version={version} /> : <Reading version={version} />}</Part>
    </>
  )
}

function Why({ version }: { version: Version }) {
  const e = useSolutions().editor
  const link = version.certification_id && (
    <LinkButton size="small" to={`/certifications/${version.certification_id}` as string}>
      {e.seeFindings}
    </LinkButton>
  )
  if (version.state === 'changes_requested')
    return (
      <Banner tone="amber" icon={<CircleDot size={18} aria-hidden />} title={e.changes} action={link}>
        {e.changesWhy}
      </Banner>
    )
  const open = /submitted|in_test|in_review/.test(version.state)
  const final = /certified|superseded|revoked|expired|rejected/.test(version.state)
  return (
    <Banner icon={<Lock size={18} aria-hidden />} title={open ? e.readOnly : final ? e.locked : e.lookOnly} action={link}>
      {open ? e.readOnlyWhy : final ? e.lockedWhy : undefined}
    </Banner>
  )
}

function Reading({ version }: { version: Version }) {
  const t = useSolutions()
  const d = useDomain()
  const e = t.editor
  return (
    <Columns
      aside={
        <>
          <Section title={t.facts}>
            <Card>
              <Facts
                items={[
                  { label: e.integration, value: d.integration[version.integration] },
                  { label: t.columns.partner, value: version.partner_name },
                  !!version.submitted_at && { label: t.submittedAt, value: <Time value={version.submitted_at} as="date" /> },
                  !!version.certificate && {
                    label: version.certificate?.state ? d.states.certificate[version.certificate.state] : '',
                    value: (
                      <Link to={`/certificate/${version.certificate?.number}` as string} className="text-accent-text hover:underline">
                        {version.certificate?.number}
                      </Link>
                    ),
                  },
                ]}
              />
            </Card>
          </Section>
          {version.trial_url && <TrialFacts version={version} />}
        </>
      }
    >
      {version.notes && (
        <Section title={e.notes}>
          <p className="whitespace-pre-line text-ink-2">{version.notes}</p>
        </Section>
      )}
      {version.description && (
        <Section title={e.description}>
          <p className="whitespace-pre-line text-ink-2">{version.description}</p>
        </Section>
      )}
      {version.elements.length > 0 && (
        <Section title={e.elements}>
          <ElementTable elements={version.elements} />
          <MenuSays menu={version.menu} />
        </Section>
      )}
      <Files version={version} editable={false} />
    </Columns>
  )
}
