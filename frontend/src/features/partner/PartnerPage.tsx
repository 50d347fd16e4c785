import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Columns, DecisionBar, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Due } from '../../shared/ui/Text'
import { usePartnerActs } from './acts'
import { Checks } from './Checks'
import { Profile } from './Profile'
import { partnerQuery } from './queries'
import { Standing } from './Standing'
import { usePartner } from './words'

const Speed = lazy(() => import('./Speed'))
const RejectDialog = lazy(() => import('./RejectDialog'))
const Tier = lazy(() => import('./Tier'))
const Review = lazy(() => import('./Review'))
const Documents = lazy(() => import('./Documents').then((module) => ({ default: module.Documents })))

export function PartnerPage() {
  return (
    <RecordPage>
      <Vetting />
    </RecordPage>
  )
}

function Vetting() {
  const t = usePartner()
  const d = useDomain()
  const can = useCan()
  const { id } = useParams({ strict: false }) as { id: string }
  const partner = useSuspenseQuery(partnerQuery(id)).data
  const [rejecting, setRejecting] = useState(false)
  const { acts, primary } = usePartnerActs(partner, () => setRejecting(true))
  const decisions = partner.actions.filter((one) => !['edit', 'answer', 'upload'].includes(one))
  return (
    <>
      <PageHeader
        title={partner.legal_name}
        crumbs={[{ label: t.list.title, to: '/partners' }]}
        tags={
          <>
            <State of="partner" value={partner.state} />
            <Tag tone="gilt">{wordOf(d.tier, partner.tier)}</Tag>
            {partner.due_at && <Due at={partner.due_at} />}
          </>
        }
      />
      <Standing partner={partner} vetting />
      <Columns
        aside={
          <>
            <Checks checks={partner.checks} />
            {partner.events.length > 0 && (
              <Section title={t.history}>
                <EventTimeline events={partner.events} of="partner" />
              </Section>
            )}
          </>
        }
      >
        <Profile partner={partner} />
        <Part>
          <Documents partner={partner} />
        </Part>
        {['active', 'suspended'].includes(partner.state) && (
          <Part>
            <Tier id={id} />
          </Part>
        )}
        {(partner.questions.length > 0 || partner.contest) && (
          <Part>
            <Review partner={partner} />
          </Part>
        )}
        {can('ticket:read') && (
          <Part>
            <Speed id={id} />
          </Part>
        )}
      </Columns>
      {decisions.length > 0 && (
        <DecisionBar>
          <Actions resource="partners" id={id} allowed={decisions} acts={acts} primary={primary} touches={['partner', 'home']} />
        </DecisionBar>
      )}
      <Suspense>{rejecting && <RejectDialog partner={id} onClose={() => setRejecting(false)} />}</Suspense>
    </>
  )
}
