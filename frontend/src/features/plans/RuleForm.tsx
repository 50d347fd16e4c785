import { Trash2 } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { NumberField, TextField } from '../../shared/ui/Field'
import { FilterBar } from '../../shared/ui/FilterBar'
import { MoneyField } from '../../shared/ui/MoneyField'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Formula } from './Formula'
import type { PlanRule } from './queries'
import { Percent, Rows } from './Rows'
import { usePlans } from './words'

type Props = { rule: PlanRule; onChange: (rule: PlanRule) => void; onRemove: () => void }
const heading = 'mb-2 font-medium text-small'

/** One rule: what it takes, what it measures, what it pays. */
export default function RuleForm({ rule, onChange, onRemove }: Props) {
  const t = usePlans()
  const r = t.rule
  const set = (patch: Partial<PlanRule>) => onChange({ ...rule, ...patch })
  const split = rule.split ?? []
  const sum = split.reduce((total, share) => total + share.ppm, 0)
  return (
    <div className="flex flex-col gap-6 border-line border-t bg-sunken p-4">
      <div className="grid gap-4 md:grid-cols-2">
        <TextField label={r.note} value={rule.note ?? ''} onChange={(note) => set({ note })} maxLength={200} />
        <TextField label={r.id} value={rule.id} onChange={(id) => set({ id })} maxLength={80} />
      </div>
      <Match rule={rule} set={set} />
      <Basis rule={rule} set={set} />
      <Formula rule={rule} set={set} />
      <div>
        <h4 className={heading}>{r.limits}</h4>
        <div className="grid gap-4 md:grid-cols-4">
          <MoneyField
            label={r.floor}
            isRequired={false}
            value={rule.floor?.line_fen ?? null}
            onChange={(fen) => set({ floor: fen === null ? undefined : { line_fen: fen } })}
          />
          <MoneyField
            label={r.cap}
            isRequired={false}
            value={rule.cap?.line_fen ?? null}
            onChange={(fen) => set({ cap: limits({ ...rule.cap, line_fen: fen ?? undefined }) })}
          />
          <MoneyField
            label={r.monthCap}
            isRequired={false}
            value={rule.cap?.month_fen ?? null}
            onChange={(fen) => set({ cap: limits({ ...rule.cap, month_fen: fen ?? undefined }) })}
          />
          <NumberField
            label={r.hold}
            suffix={r.days}
            minValue={0}
            maxValue={730}
            value={rule.hold_days ?? 0}
            onChange={(days) => set({ hold_days: days ?? 0 })}
          />
        </div>
      </div>
      <Rows
        title={r.clawback}
        add={r.addClawback}
        remove={r.removeClawback}
        rows={rule.clawback ?? []}
        blank={{ within_months: 3, ppm: 1_000_000 }}
        onChange={(clawback) => set({ clawback: clawback.length ? clawback : undefined })}
        row={(one, put) => (
          <>
            <NumberField
              label={r.within}
              suffix={r.months}
              minValue={1}
              value={one.within_months}
              onChange={(n) => put({ ...one, within_months: n ?? 1 })}
            />
            <Percent label={r.takes} ppm={one.ppm} onChange={(ppm) => put({ ...one, ppm })} />
          </>
        )}
      />
      <Rows
        title={r.split}
        help={r.splitHelp}
        error={split.length > 0 && sum !== 1_000_000 ? r.splitBad(`${sum / 10_000}%`) : undefined}
        add={r.addShare}
        remove={r.removeShare}
        rows={split}
        blank={{ to: 'seller', ppm: 1_000_000 - Math.min(sum, 1_000_000) }}
        onChange={(next) => set({ split: next.length ? next : undefined })}
        row={(one, put) => (
          <>
            <TextField
              label={r.to}
              value={one.to}
              onChange={(to) => put({ ...one, to: to.trim() })}
              description={(r.tos as Record<string, string>)[one.to] ?? 'seller · solution_owner · city · partner:<code>'}
            />
            <Percent label={r.share} ppm={one.ppm} onChange={(ppm) => put({ ...one, ppm })} />
          </>
        )}
      />
      <div>
        <Button variant="danger" size="small" icon={<Trash2 size={15} aria-hidden />} onPress={onRemove}>
          {t.removeRule}
        </Button>
      </div>
    </div>
  )
}

const limits = (limit: NonNullable<PlanRule['cap']>) => (limit.line_fen === undefined && limit.month_fen === undefined ? undefined : limit)
type Part = { rule: PlanRule; set: (patch: Partial<PlanRule>) => void }

function Match({ rule, set }: Part) {
  const r = usePlans().rule
  const d = useDomain()
  const { reference, options } = useReference()
  const { match } = rule
  const facet = (
    id: 'product' | 'category' | 'city' | 'capability' | 'tier' | 'account_kind',
    choices: { id: string; label: string }[],
  ) => ({
    id,
    label: r[id],
    options: choices,
    value: match[id] ?? [],
  })
  return (
    <div>
      <h4 className={heading}>{r.match}</h4>
      <FilterBar
        facets={[
          facet('product', options(reference.families)),
          facet('category', options(reference.categories)),
          facet(
            'city',
            reference.cities.map((city) => ({ id: city.code, label: city.name })),
          ),
          facet('capability', optionsOf(d.capability)),
          facet('tier', optionsOf(d.tier)),
          facet('account_kind', optionsOf(d.accountKind)),
        ]}
        onFacet={(id, value) => set({ match: { ...match, [id]: value.length ? value : undefined } })}
      >
        <SegmentedControl
          label={r.account}
          value={(match.account || 'any') as keyof typeof r.accounts}
          onChange={(account) => set({ match: { ...match, account: account === 'any' ? undefined : account } })}
          items={optionsOf(r.accounts)}
        />
      </FilterBar>
    </div>
  )
}

function Basis({ rule, set }: Part) {
  const r = usePlans().rule
  const { basis } = rule
  const [first, last] = basis.months ?? []
  const recurring = basis.kind === 'recurring'
  return (
    <div>
      <h4 className={heading}>{r.basis}</h4>
      <div className="flex flex-wrap items-end gap-4">
        <SegmentedControl
          label={r.basis}
          value={basis.kind}
          onChange={(kind) => set({ basis: kind === 'recurring' ? { kind, months: [1, 12] } : { kind } })}
          items={optionsOf(r.bases)}
        />
        {basis.kind === 'per_unit' && (
          <SegmentedControl
            label={r.on}
            value={basis.on || 'activation'}
            onChange={(on) => set({ basis: { ...basis, on } })}
            items={optionsOf(r.ons)}
          />
        )}
        {recurring && (
          <>
            <NumberField
              className="w-28"
              label={r.first}
              minValue={1}
              value={first ?? 1}
              onChange={(n) => set({ basis: { ...basis, months: [n ?? 1, last ?? 12] } })}
            />
            <NumberField
              className="w-28"
              label={r.last}
              minValue={1}
              value={last ?? 12}
              onChange={(n) => set({ basis: { ...basis, months: [first ?? 1, n ?? 12] } })}
            />
          </>
        )}
      </div>
    </div>
  )
}
