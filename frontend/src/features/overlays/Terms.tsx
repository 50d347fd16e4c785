import { useNavigate } from '@tanstack/react-router'
import { CircleAlert, Pause } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { formatPpm } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { Button, LinkButton } from '../../shared/ui/Button'
import { ConfirmDialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { Columns, DecisionBar, PageHeader, Section } from '../../shared/ui/Layout'
import { Banner, EventTimeline } from '../../shared/ui/Record'
import { ComboBox } from '../../shared/ui/Select'
import { Tag } from '../../shared/ui/Tag'
import { toast } from '../../shared/ui/Toast'
import { LocalFiles } from './LocalFiles'
import { adjust, drop, type Overlay, touches } from './queries'
import { keyOf, type Prices, Sides } from './Sides'
import { useOverlays } from './words'

/** What a city asks for, beside what the province offers. */
export default function Terms({ overlay }: { overlay: Overlay }) {
  const t = useOverlays()
  const navigate = useNavigate()
  const may = overlay.actions.includes('adjust')
  const [prices, setPrices] = useState<Prices>(() => Object.fromEntries(overlay.sides.map((side) => [keyOf(side), side.local_fen ?? null])))
  const [files, setFiles] = useState(overlay.local_files)
  const [deliverer, setDeliverer] = useState<string | null>(overlay.deliverer_id ?? null)
  const [note, setNote] = useState(overlay.note)
  const [dropping, setDropping] = useState(false)
  const save = useWrite({
    run: (version: number, { headers }) =>
      adjust(
        overlay.listing_id,
        {
          prices: overlay.sides.flatMap((side) => {
            const fen = prices[keyOf(side)]
            return side.province_fen !== undefined && typeof fen === 'number'
              ? [{ name: side.name, billing: side.billing, price_fen: fen }]
              : []
          }),
          files: files.map((file) => file.id),
          deliverer_id: deliverer ?? undefined,
          note: note.trim(),
          version,
        },
        headers,
      ),
    touches,
    onDone: (saved) => {
      toast(t.saved)
      if (!overlay.id && saved.id) void navigate({ to: `/overlays/${saved.id}` as string, replace: true })
    },
  })
  const leave = useWrite({
    run: (_: undefined, { headers }) => drop(overlay.id ?? '', headers),
    touches,
    onDone: () => {
      toast(t.dropped)
      void navigate({ to: `/market/${overlay.listing_id}` as string })
    },
  })
  const drifting = overlay.state === 'drifting'
  return (
    <>
      <PageHeader
        title={overlay.solution_name}
        documentTitle={`${t.title} ${overlay.solution_name}`}
        crumbs={[{ label: t.title, to: '/overlays' }]}
        tags={
          <>
            <Tag tone="accent">{overlay.city_name}</Tag>
            {overlay.id && <Tag tone={drifting ? 'amber' : 'jade'}>{t.states[overlay.state]}</Tag>}
            {overlay.late && <Tag tone="cinnabar">{t.late}</Tag>}
            {overlay.by_name && <span className="text-ink-3">{t.by(overlay.by_name)}</span>}
          </>
        }
        actions={overlay.semver && <LinkButton to={`/market/${overlay.listing_id}` as string}>{t.open}</LinkButton>}
      />
      {drifting && overlay.drifted_at && overlay.due_at && (
        <Banner
          tone="amber"
          icon={<CircleAlert size={18} aria-hidden />}
          title={t.drift(formatTime(overlay.drifted_at, 'date'), formatTime(overlay.due_at, 'date'))}
        >
          {t.driftWhy}
        </Banner>
      )}
      {!overlay.semver && (
        <Banner tone="amber" icon={<Pause size={18} aria-hidden />} title={t.gone}>
          {t.goneWhy}
        </Banner>
      )}
      <Columns
        aside={
          overlay.events.length > 0 && (
            <Section title={t.history}>
              <EventTimeline events={overlay.events} />
            </Section>
          )
        }
      >
        <Section title={t.prices} sub={overlay.floor_ppm ? t.band(formatPpm(overlay.floor_ppm), formatPpm(overlay.ceiling_ppm)) : t.noBand}>
          <Sides overlay={overlay} prices={prices} onPrices={may ? setPrices : undefined} />
        </Section>
        <Section title={t.deliverer} sub={t.delivererHelp}>
          {may ? (
            <ComboBox
              label={t.deliverer}
              hideLabel
              className="max-w-96"
              placeholder={t.byFirm}
              options={overlay.deliverers.map((one) => ({ id: one.id, label: one.name }))}
              value={deliverer}
              onChange={setDeliverer}
            />
          ) : (
            <p>{overlay.deliverer_name || t.byFirm}</p>
          )}
        </Section>
        <LocalFiles files={files} onFiles={may ? setFiles : undefined} />
        {may ? (
          <TextArea label={t.note} description={t.noteHelp} rows={2} maxLength={500} value={note} onChange={setNote} />
        ) : (
          overlay.note && (
            <Section title={t.note}>
              <p className="whitespace-pre-line text-ink-2">{overlay.note}</p>
            </Section>
          )
        )}
        {save.error && (
          <p role="alert" className="mt-4 text-cinnabar">
            {explain(save.error)}
          </p>
        )}
      </Columns>
      {overlay.actions.length > 0 && (
        <DecisionBar>
          {may && (
            <Button variant="primary" isPending={save.isPending} onPress={() => save.mutate(overlay.version)}>
              {drifting ? t.decide : t.save}
            </Button>
          )}
          {overlay.actions.includes('drop') && (
            <Button variant="danger" onPress={() => setDropping(true)}>
              {t.drop}
            </Button>
          )}
        </DecisionBar>
      )}
      {dropping && (
        <ConfirmDialog
          isOpen
          onClose={() => setDropping(false)}
          title={t.dropAsk}
          action={t.drop}
          isDanger
          onConfirm={() => {
            setDropping(false)
            leave.mutate(undefined)
          }}
        >
          <p className="text-ink-2">{t.dropWhy}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
