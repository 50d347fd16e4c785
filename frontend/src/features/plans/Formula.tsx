import { optionsOf } from '../../shared/i18n/domain'
import { NumberField } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { SegmentedControl } from '../../shared/ui/Tabs'
import type { PlanRule } from './queries'
import { Percent, Rows } from './Rows'
import { usePlans } from './words'

type Props = { rule: PlanRule; set: (patch: Partial<PlanRule>) => void }

/** How the basis becomes money: flat, a rate, or tiers. */
export function Formula({ rule, set }: Props) {
  const r = usePlans().rule
  const { formula } = rule
  const money = rule.basis.kind !== 'per_unit'
  const blank = money ? { from: 0, ppm: 50_000 } : { from: 0, fen: 100 }
  const starts = {
    flat: { kind: 'flat', fen: 10_000 },
    rate: { kind: 'rate', ppm: 50_000 },
    tiers: { kind: 'tiers', mode: 'marginal', per: 'event', steps: [blank] },
  } as const
  return (
    <div>
      <h4 className="mb-2 font-medium text-small">{r.formula}</h4>
      <div className="flex flex-wrap items-end gap-4">
        <SegmentedControl
          label={r.formula}
          value={formula.kind}
          onChange={(kind) => set({ formula: { ...starts[kind] } as PlanRule['formula'] })}
          items={optionsOf(r.formulas)}
        />
        {formula.kind === 'flat' && (
          <MoneyField
            className="w-40"
            label={r.fen}
            value={formula.fen ?? null}
            onChange={(fen) => set({ formula: { ...formula, fen: fen ?? 0 } })}
          />
        )}
        {formula.kind === 'rate' && (
          <Percent label={r.percent} ppm={formula.ppm ?? 0} onChange={(ppm) => set({ formula: { ...formula, ppm } })} />
        )}
        {formula.kind === 'tiers' && (
          <>
            <SegmentedControl
              label={r.mode}
              value={formula.mode || 'marginal'}
              onChange={(mode) => set({ formula: { ...formula, mode } })}
              items={optionsOf(r.modes)}
            />
            <SegmentedControl
              label={r.per}
              value={formula.per || 'event'}
              onChange={(per) => set({ formula: { ...formula, per } })}
              items={optionsOf(r.pers)}
            />
          </>
        )}
      </div>
      {formula.kind === 'tiers' && (
        <div className="mt-4">
          <Rows
            title={r.step}
            add={r.addStep}
            remove={r.removeStep}
            rows={formula.steps ?? []}
            blank={blank}
            onChange={(steps) => set({ formula: { ...formula, steps } })}
            row={(step, put) => (
              <>
                {money ? (
                  <MoneyField label={r.stepFrom} value={step.from} onChange={(fen) => put({ ...step, from: fen ?? 0 })} />
                ) : (
                  <NumberField label={r.stepFrom} minValue={0} value={step.from} onChange={(n) => put({ ...step, from: n ?? 0 })} />
                )}
                {step.fen !== undefined ? (
                  <MoneyField label={r.fen} value={step.fen} onChange={(fen) => put({ ...step, fen: fen ?? 0 })} />
                ) : (
                  <Percent label={r.percent} ppm={step.ppm ?? 0} onChange={(ppm) => put({ ...step, ppm })} />
                )}
              </>
            )}
          />
        </div>
      )}
    </div>
  )
}
