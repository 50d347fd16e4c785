import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { CalendarClock, Check, Pause, RotateCcw, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { sayFact, useDomain, wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Money, Time } from '../../shared/ui/Text'
import { listingTouches, useListingActs } from './acts'
import { type Listing, listingQuery } from './queries'
import type { Times } from './TimesDialog'
import { useListings } from './words'

const AskMenu = lazy(() => import('../../shared/ui/AskMenu'))
const Requests = lazy(() => import('../../shared/ui/Requests').then((module) => ({ default: module.Requests })))
const TimesDialog = lazy(() => import('./TimesDialog'))
const RiseDialog = lazy(() => import('./RiseDialog'))
const BandDialog = lazy(() => import('./BandDialog'))
const CityTerms = lazy(() => import('./CityTerms'))

export function ListingPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useListings()
  const d = useDomain()
  const { id } = useParams({ strict: false }) as { id: string }
  const listing = useSuspenseQuery(listingQuery(id)).data
  const { reference, name } = useReference()
  const [rising, setRising] = useState<boolean>()
  const failing = listing.evidence.some((fact) => fact.met === false)
  const [times, setTimes] = useState<Times>()
  const [banding, setBanding] = useState(false)
  const { acts, primary } = useListingActs(listing, failing, setRising, setTimes, () => setBanding(true))
  return (
    <>
      <PageHeader
        title={
          <>
            {listing.solution_name} <span className="font-normal text-ink-3">{listing.semver}</span>
          </>
        }
        documentTitle={`${t.title} ${listing.solution_name}`}
        crumbs={[{ label: t.title, to: '/listings' }]}
        sub={listing.summary}
        tags={
          <>
            <span className="text-ink-2">{listing.partner_name}</span>
            <State of="listing" value={listing.state} />
            <Tag tone="accent">{listing.scope === 'province' ? d.province : listing.scope_name}</Tag>
            <Tag>{name(reference.industries, listing.industry)}</Tag>
          </>
        }
        actions={
          <>
            <LinkButton to={`/versions/${listing.version_id}` as string}>{t.openVersion}</LinkButton>
            <LinkButton to={`/versions/${listing.version_id}/difference` as string}>{t.difference}</LinkButton>
            {listing.state === 'live' && <LinkButton to={`/market/${id}` as string}>{t.inMarket}</LinkButton>}
          </>
        }
      />
      {listing.reason && listing.state !== 'live' && (
        <Banner
          tone="amber"
          icon={listing.state === 'suspended' ? <Pause size={18} aria-hidden /> : <RotateCcw size={18} aria-hidden />}
          title={listing.state === 'suspended' ? t.suspended : listing.state === 'draft' ? t.returned : d.states.listing[listing.state]}
        >
          {listing.reason}
        </Banner>
      )}
      {listing.state === 'scheduled' && listing.publish_on && (
        <Banner tone="accent" icon={<CalendarClock size={18} aria-hidden />} title={t.publishOn(listing.publish_on)} />
      )}
      <Columns
        aside={
          <>
            {listing.support_until && (
              <Section title={d.states.listing.retired}>
                <Card>
                  <Facts
                    items={[
                      { label: t.supportUntil, value: <Time value={listing.support_until} as="date" /> },
                      !!listing.successor && { label: t.successor, value: listing.successor },
                    ]}
                  />
                </Card>
              </Section>
            )}
            {listing.previews.length > 0 && (
              <Section title={t.previews}>
                <ul className="text-ink-2">
                  {listing.previews.map((one) => (
                    <li key={one.city}>{t.previewLine(one.city_name, one.until)}</li>
                  ))}
                </ul>
              </Section>
            )}
            {listing.certificate && (
              <Section title={t.certificate}>
                <Card>
                  <Facts
                    items={[
                      {
                        label: d.states.certificate[listing.certificate.state],
                        value: (
                          <Link to={`/certificate/${listing.certificate.number}` as string} className="text-accent-text hover:underline">
                            {listing.certificate.number}
                          </Link>
                        ),
                      },
                      { label: t.until, value: <Time value={listing.certificate.valid_until} as="date" /> },
                    ]}
                  />
                </Card>
              </Section>
            )}
            <Section title={d.history}>
              <EventTimeline events={listing.events} of="listing" />
            </Section>
          </>
        }
      >
        <Suspense>{listing.requests.length > 0 && <Requests resource="listings" id={id} requests={listing.requests} />}</Suspense>
        <Evidence listing={listing} />
        <Section title={t.elements}>
          <MiniTable
            label={t.elements}
            head={[t.element, t.billing, t.price]}
            end={[2]}
            rows={listing.elements.map((element, index) => ({
              id: element.id ?? String(index),
              cells: [
                `${element.name}${element.required ? ` · ${d.required}` : ''}`,
                d.billing[element.billing],
                <span key="price">
                  <Money fen={element.price_fen} trim />
                  <span className="text-ink-3">/{element.unit}</span>
                </span>,
              ],
            }))}
          />
        </Section>
        {listing.scope === 'province' && listing.state === 'live' && (
          <Part>
            <CityTerms listing={listing} />
          </Part>
        )}
        {listing.description && (
          <Section title={t.description}>
            <p className="whitespace-pre-line text-ink-2">{listing.description}</p>
          </Section>
        )}
      </Columns>
      {listing.actions.length > 0 && (
        <DecisionBar>
          <Actions resource="listings" id={id} allowed={listing.actions} acts={acts} primary={primary} touches={listingTouches} />
          <Suspense>{listing.actions.includes('ask') && <AskMenu resource="listings" id={id} partner={listing.partner_name} />}</Suspense>
        </DecisionBar>
      )}
      <Suspense>{times && <TimesDialog listing={listing} what={times} onClose={() => setTimes(undefined)} />}</Suspense>
      <Suspense>{banding && <BandDialog listing={listing} onClose={() => setBanding(false)} />}</Suspense>
      <Suspense>{rising !== undefined && <RiseDialog id={id} back={rising} onClose={() => setRising(undefined)} />}</Suspense>
    </>
  )
}

function Evidence({ listing }: { listing: Listing }) {
  const t = useListings()
  if (!listing.evidence.length) return null
  return (
    <Section title={t.evidence}>
      <MiniTable
        label={t.evidence}
        head={[t.fact, t.value, t.need, t.verdict]}
        end={[1, 2]}
        rows={listing.evidence.map((fact) => ({
          id: fact.code,
          cells: [
            wordOf(t.facts, fact.code),
            <span key="value" className={fact.met === false ? 'font-medium text-cinnabar' : undefined}>
              {sayFact(fact, t)}
            </span>,
            <span key="need" className="text-ink-3">
              {fact.need || '-'}
            </span>,
            fact.met === undefined ? (
              '-'
            ) : (
              <span key="met" className={`inline-flex items-center gap-1 ${fact.met ? 'text-jade' : 'text-cinnabar'}`}>
                {fact.met ? <Check size={15} aria-hidden /> : <X size={15} aria-hidden />}
                {fact.met ? t.met : t.notMet}
              </span>
            ),
          ],
        }))}
      />
    </Section>
  )
}
