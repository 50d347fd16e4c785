import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Eye, Link2, Send } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Cover } from '../../shared/ui/Cover'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { RisingBars } from '../../shared/ui/RisingBars'
import { StatusTag, Tag } from '../../shared/ui/Tag'
import { Money, Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type OfferDetail, offerQuery } from './queries'
import { Star } from './Star'
import { useMarket } from './words'

const MenuSays = lazy(() => import('../solutions/MenuSays').then((module) => ({ default: module.MenuSays })))
const MiniTable = lazy(() => import('../../shared/ui/MiniTable').then((module) => ({ default: module.MiniTable })))
const OfferCard = lazy(() => import('./OfferCard').then((module) => ({ default: module.OfferCard })))
const Versions = lazy(() => import('./Versions'))
const TierDialog = lazy(() => import('./TierDialog'))
const Trial = lazy(() => import('./Trial'))

export function OfferPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useMarket()
  const { id } = useParams({ strict: false }) as { id: string }
  const offer = useSuspenseQuery(offerQuery(id)).data
  const { reference, name } = useReference()
  const industry = name(reference.industries, offer.industry)
  const operator = useMe().membership.tenant_kind !== 'partner'
  const recommend = offer.actions.includes('register_deal')
  const share = () => void navigator.clipboard?.writeText(location.href).then(() => toast(t.shared))
  return (
    <>
      <PageHeader
        title={offer.name}
        crumbs={[
          { label: t.title, to: '/market' },
          { label: industry, to: `/market?industry=${offer.industry}` },
        ]}
        sub={offer.summary}
        tags={
          <>
            <span className="text-ink-2">{offer.partner_name}</span>
            {offer.certificate ? (
              <Link
                to={`/certificate/${offer.certificate.number}` as string}
                className="focus-ring rounded-check"
                title={t.certificateCriteria}
              >
                <StatusTag state="certified">{t.isCertified}</StatusTag>
              </Link>
            ) : (
              offer.certified && <StatusTag state="certified">{t.isCertified}</StatusTag>
            )}
            <RisingBars reach={offer.scope === 'province' ? 'province' : 'city'} />
            {offer.local_to && <Tag tone="accent">{t.localTo(offer.local_to)}</Tag>}
          </>
        }
        actions={
          <>
            {!offer.preview && <Star offer={offer} />}
            <Button variant="quiet" icon={<Link2 size={16} aria-hidden />} onPress={share}>
              {t.share}
            </Button>
            {offer.actions.includes('adjust') && <LinkButton to={`/market/${id}/overlay` as string}>{t.adjust}</LinkButton>}
            {offer.actions.includes('quote') && (
              <LinkButton
                to={'/quotes/new' as string}
                search={{ listing: id } as never}
                variant={recommend ? 'secondary' : 'primary'}
                size="large"
              >
                {t.quote}
              </LinkButton>
            )}
            {recommend && (
              <LinkButton
                to={'/deals/new' as string}
                search={{ listing: id } as never}
                variant="primary"
                size="large"
                icon={<Send size={17} aria-hidden />}
              >
                {t.recommend}
              </LinkButton>
            )}
          </>
        }
      />
      {offer.preview && (
        <Banner tone="accent" icon={<Eye size={18} aria-hidden />} title={t.preview}>
          {t.previewWhy}
        </Banner>
      )}
      <Cover industry={offer.industry} label={industry} badge={offer.new && t.isNew} className="mb-8 h-24 rounded-card" />
      <Columns aside={<Aside offer={offer} />}>
        {operator && (
          <Part>
            <Trial offer={id} />
          </Part>
        )}
        <Section title={t.elements} sub={t.elementsSub}>
          <Suspense>
            <Prices offer={offer} />
            <MenuSays menu={offer.menu} />
          </Suspense>
        </Section>
        {offer.description && (
          <Section title={t.description}>
            <p className="whitespace-pre-line text-ink-2">{offer.description}</p>
          </Section>
        )}
        <Suspense>
          <Versions offer={offer} />
        </Suspense>
      </Columns>
      {offer.related.length > 0 && (
        <Section title={t.related}>
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {offer.related.slice(0, 3).map((one) => (
              <li key={one.id}>
                <Suspense>
                  <OfferCard offer={one} />
                </Suspense>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Prices({ offer }: { offer: OfferDetail }) {
  const t = useMarket()
  const d = useDomain()
  return (
    <MiniTable
      label={t.elements}
      head={[t.element, t.billing, t.listPrice]}
      end={[2]}
      rows={offer.elements.map((element, index) => ({
        id: element.id ?? String(index),
        cells: [
          <span key="name">
            {element.name}
            {element.required && <span className="ml-2 text-accent-text text-meta">{d.required}</span>}
            {element.max > 0 && <span className="ml-2 text-ink-3 text-meta">{d.upTo(element.max)}</span>}
          </span>,
          d.billing[element.billing],
          <span key="price">
            <Money fen={element.price_fen} trim />
            <span className="text-ink-3">/{element.unit}</span>
            {element.province_fen !== undefined && (
              <span className="block text-ink-3 text-small">{t.provincePrice(formatFen(element.province_fen, { trim: true }))}</span>
            )}
          </span>,
        ],
      }))}
    />
  )
}

function Aside({ offer }: { offer: OfferDetail }) {
  const t = useMarket()
  const [tiers, setTiers] = useState(false)
  const d = useDomain()
  const { reference } = useReference()
  const cities = offer.city_codes.map((code) => reference.cities.find((city) => city.code === code)?.name ?? code)
  return (
    <>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.price, value: <span className="num">{t.from(formatFen(offer.from_fen, { trim: true }))}</span> },
              !!offer.commission_ppm && {
                label: t.rate,
                value: <span className="num font-semibold text-accent-text">{formatPpm(offer.commission_ppm ?? 0)}</span>,
              },
              { label: t.reached, value: <span className="num">{t.cities(offer.cities, formatCount(offer.accounts))}</span> },
              { label: t.partner, value: offer.partner_name },
              !!offer.delivered_by && { label: t.deliveredBy, value: offer.delivered_by },
              {
                label: t.partnerTier,
                value: (
                  <button
                    type="button"
                    className="focus-ring rounded-check text-accent-text hover:underline"
                    onClick={() => setTiers(true)}
                  >
                    {wordOf(d.tier, offer.partner_tier)}
                  </button>
                ),
              },
              !offer.preview && { label: t.since, value: <Time value={offer.live_at} as="date" /> },
            ]}
          />
        </Card>
        <Suspense>{tiers && <TierDialog tier={offer.partner_tier} onClose={() => setTiers(false)} />}</Suspense>
      </Section>
      {offer.certificate && (
        <Section title={t.certificate}>
          <Card>
            <Facts
              items={[
                {
                  label: d.states.certificate[offer.certificate.state],
                  value: (
                    <Link to={`/certificate/${offer.certificate.number}` as string} className="text-accent-text hover:underline">
                      {offer.certificate.number}
                    </Link>
                  ),
                },
                { label: t.until, value: <Time value={offer.certificate.valid_until} as="date" /> },
              ]}
            />
            <Link
              to={`/certificate/${offer.certificate.number}` as string}
              className="mt-2 block text-accent-text text-small hover:underline"
            >
              {t.certificateCriteria}
            </Link>
          </Card>
        </Section>
      )}
      {cities.length > 0 && (
        <Section title={t.sold}>
          <p className="text-ink-2">{offer.scope === 'province' ? d.province : cities.join('、')}</p>
        </Section>
      )}
      {offer.local_files.length > 0 && (
        <Section title={t.localFiles}>
          <ul className="flex flex-col gap-3">
            {offer.local_files.map((file) => (
              <li key={file.id}>
                <FileLine file={file} offer={offer.id} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {offer.files.length > 0 && (
        <Section title={t.files}>
          <ul className="flex flex-col gap-3">
            {offer.files.map(({ file, kind }) => (
              <li key={file.id}>
                <FileLine file={file} note={d.fileKind[kind]} offer={offer.id} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
