import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy } from 'react'
import { useCan } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Columns, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { usePartnerActs } from './acts'
import { Checks } from './Checks'
import { Documents } from './Documents'
import { Profile } from './Profile'
import { ownPartner } from './queries'
import { Standing } from './Standing'
import { usePartner } from './words'

const Speed = lazy(() => import('./Speed'))
const Tier = lazy(() => import('./Tier'))
const Review = lazy(() => import('./Review'))
const ProfileForm = lazy(() => import('./ProfileForm'))

export function OwnPartnerPage() {
  return (
    <RecordPage>
      <Own />
    </RecordPage>
  )
}

function Own() {
  const t = usePartner()
  const d = useDomain()
  const can = useCan()
  const partner = useSuspenseQuery(ownPartner).data
  const { acts, primary } = usePartnerActs(partner)
  const editable = partner.actions.includes('edit')
  return (
    <>
      <PageHeader
        title={partner.legal_name || t.own.title}
        documentTitle={t.own.title}
        sub={t.own.sub}
        tags={
          <>
            <State of="partner" value={partner.state} />
            <Tag tone="gilt">{wordOf(d.tier, partner.tier)}</Tag>
          </>
        }
        actions={
          <Actions
            resource="partners"
            id={partner.id}
            allowed={partner.actions}
            acts={acts}
            primary={primary}
            touches={['partner', 'home']}
          />
        }
      />
      <Standing partner={partner} />
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
        {editable ? (
          <Part>
            <ProfileForm key={partner.version} partner={partner} />
          </Part>
        ) : (
          <Profile partner={partner} />
        )}
        <Documents partner={partner} />
        {['active', 'suspended'].includes(partner.state) && (
          <Part>
            <Tier id={partner.id} />
          </Part>
        )}
        {(partner.questions.length > 0 || partner.contest) && (
          <Part>
            <Review partner={partner} />
          </Part>
        )}
        {can('ticket:read') && (
          <Part>
            <Speed id={partner.id} />
          </Part>
        )}
      </Columns>
    </>
  )
}
