import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextArea } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { toast } from '../../shared/ui/Toast'
import { type Formula, proposeFormula } from './queries'
import { useTiers } from './tiers'

type Text = Formula['document']
const tiers = ['certified', 'preferred', 'strategic'] as const
const bands = ['small', 'medium', 'large'] as const
const blank: Text = {
  bands: { small: 0, medium: 5, large: 20 },
  metrics: {},
  tiers: { certified: { points: 40, floors: {} }, preferred: { points: 60, floors: {} }, strategic: { points: 80, floors: {} } },
}

/** The next version, beginning from the one in force. */
export default function FormulaDialog({ from, onClose }: { from?: Formula; onClose: () => void }) {
  const words = useTiers()
  const t = words.formulas
  const d = useDomain()
  const common = useCommon()
  const [text, setText] = useState<Text>(from?.document ?? blank)
  const [note, setNote] = useState('')
  const sum = Object.values(text.metrics).reduce((all, one) => all + one.weight, 0)
  const write = useWrite({
    run: (_: undefined, { headers }) => proposeFormula({ document: text, note: note.trim() }, headers),
    touches: ['partner', 'home'],
    onDone: () => {
      onClose()
      toast(t.started)
    },
  })
  const weigh = (metric: string, weight: number | null) =>
    setText((old) => {
      const { [metric]: line, ...others } = old.metrics
      return {
        ...old,
        metrics: weight ? { ...others, [metric]: { full: line?.full ?? { small: 1, medium: 1, large: 1 }, weight } } : others,
      }
    })
  const fill = (metric: string, band: string, value: number | null) =>
    setText((old) => {
      const line = old.metrics[metric]
      return line ? { ...old, metrics: { ...old.metrics, [metric]: { ...line, full: { ...line.full, [band]: value ?? 0 } } } } : old
    })
  const floor = (tier: string, metric: string, value: number | null) =>
    setText((old) => {
      const { [metric]: _, ...others } = old.tiers[tier]?.floors ?? {}
      return {
        ...old,
        tiers: {
          ...old.tiers,
          [tier]: { points: old.tiers[tier]?.points ?? 0, floors: value === null ? others : { ...others, [metric]: value } },
        },
      }
    })
  const field = (metric: string, label: string, value: number | undefined, onChange: (value: number | null) => void) =>
    metric === 'revenue' ? (
      <MoneyField key={label} label={label} value={value ?? null} onChange={onChange} />
    ) : (
      <NumberField key={label} label={label} minValue={0} value={value ?? null} onChange={onChange} />
    )
  return (
    <Dialog
      isOpen
      size="medium"
      onClose={onClose}
      title={t.draft}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={sum !== 100} isPending={write.isPending} onPress={() => write.mutate(undefined)}>
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <p className={sum === 100 ? 'text-ink-3 text-small' : 'text-amber text-small'}>
          {t.sum(sum)} · {t.leave}
        </p>
        <div className="grid gap-3 sm:grid-cols-3">
          {bands.map((band) => (
            <NumberField
              key={band}
              label={t.from(wordOf(words.bands, band))}
              minValue={0}
              value={text.bands[band] ?? 0}
              onChange={(value) => setText((old) => ({ ...old, bands: { ...old.bands, [band]: value ?? 0 } }))}
            />
          ))}
          {tiers.map((tier) => (
            <NumberField
              key={tier}
              label={t.pointsOf(wordOf(d.tier, tier))}
              minValue={1}
              value={text.tiers[tier]?.points ?? null}
              onChange={(points) =>
                setText((old) => ({
                  ...old,
                  tiers: { ...old.tiers, [tier]: { floors: old.tiers[tier]?.floors ?? {}, points: points ?? 0 } },
                }))
              }
            />
          ))}
        </div>
        {Object.entries(words.metrics).map(([metric, name]) => (
          <fieldset key={metric} className="border-line border-t pt-3">
            <legend className="pr-2 font-medium">{name}</legend>
            <div className="grid gap-3 sm:grid-cols-4">
              <NumberField
                label={t.weight}
                minValue={0}
                value={text.metrics[metric]?.weight ?? 0}
                onChange={(value) => weigh(metric, value)}
              />
              {text.metrics[metric] && (
                <>
                  {bands.map((band) =>
                    field(metric, `${words.card.full} · ${wordOf(words.bands, band)}`, text.metrics[metric]?.full[band], (value) =>
                      fill(metric, band, value),
                    ),
                  )}
                  {tiers.map((tier) =>
                    field(metric, t.floorOf(wordOf(d.tier, tier)), text.tiers[tier]?.floors[metric], (value) => floor(tier, metric, value)),
                  )}
                </>
              )}
            </div>
          </fieldset>
        ))}
        <TextArea label={t.note} isRequired={false} rows={2} value={note} onChange={setNote} maxLength={2000} />
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
