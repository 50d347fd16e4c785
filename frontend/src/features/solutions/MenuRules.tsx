import { Plus, X } from 'lucide-react'
import { optionsOf } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { Button, IconButton } from '../../shared/ui/Button'
import { NumberField, TextField } from '../../shared/ui/Field'
import { Card } from '../../shared/ui/Layout'
import { Select } from '../../shared/ui/Select'
import type { MenuRules as Rules } from './queries'
import { useSolutions } from './words'

type Rule = Rules['rules'][number]
type Props = { names: string[]; value: Rules; onChange: (value: Rules) => void; errors: Record<string, string> }

/** What goes together: groups to choose from, and rules between elements; each said back in a sentence. */
export default function MenuRules({ names, value, onChange, errors }: Props) {
  const t = useSolutions().menu
  const known = names.filter(Boolean)
  const group = (at: number, change: Partial<Rules['groups'][number]>) =>
    onChange({ ...value, groups: value.groups.map((one, index) => (index === at ? { ...one, ...change } : one)) })
  const rule = (at: number, change: Partial<Rule>) =>
    onChange({ ...value, rules: value.rules.map((one, index) => (index === at ? { ...one, ...change } : one)) })
  const whole = errors.menu
  if (known.length < 2) return <p className="text-ink-3">{t.tooFew}</p>
  return (
    <div id="menu" className="flex scroll-mt-16 flex-col gap-3">
      {whole && (
        <p role="alert" className="rounded-card border border-cinnabar-line bg-cinnabar-soft p-3 text-cinnabar">
          {whole}
        </p>
      )}
      {value.groups.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group has no other identity while it is being made
        <Card key={`g${at}`} className="!p-3">
          <div className="flex flex-wrap items-end gap-3">
            <TextField
              className="min-w-40 flex-1"
              label={t.group}
              value={one.name}
              onChange={(name) => group(at, { name })}
              maxLength={60}
              error={errors[`menu.groups[${at}].name`]}
            />
            <NumberField
              className="w-24"
              label={t.min}
              value={one.min}
              minValue={0}
              onChange={(min) => group(at, { min: min ?? 0 })}
              error={errors[`menu.groups[${at}].min`]}
            />
            <NumberField className="w-24" label={t.max} value={one.max} minValue={0} onChange={(max) => group(at, { max: max ?? 0 })} />
            <IconButton
              label={t.remove(one.name)}
              icon={<X size={16} aria-hidden />}
              onPress={() => onChange({ ...value, groups: value.groups.filter((_, index) => index !== at) })}
            />
          </div>
          <Names
            label={t.of}
            all={known}
            value={one.elements}
            onChange={(elements) => group(at, { elements })}
            error={errors[`menu.groups[${at}].elements`]}
          />
          <p className="mt-2 text-ink-3 text-small">{t.saysGroup(one.elements.length, one.min, one.max)}</p>
        </Card>
      ))}
      {value.rules.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no other identity while it is being made
        <Card key={`r${at}`} className="!p-3">
          <div className="flex flex-wrap items-end gap-3">
            <Select
              className="min-w-40 flex-1"
              label={t.element}
              options={known.map((name) => ({ id: name, label: name }))}
              value={one.element || null}
              onChange={(element) => rule(at, { element, others: one.others.filter((name) => name !== element) })}
              error={errors[`menu.rules[${at}].element`]}
            />
            <Select
              className="w-40"
              label={t.rule}
              options={optionsOf(t.kinds)}
              value={one.kind}
              onChange={(kind) => rule(at, { kind, ...(kind === 'at_most' ? { units: one.units || 1 } : { units: undefined }) })}
            />
            {one.kind === 'at_most' && (
              <NumberField
                className="w-24"
                label={t.units}
                value={one.units ?? 1}
                minValue={1}
                onChange={(units) => rule(at, { units: units ?? 1 })}
                error={errors[`menu.rules[${at}].units`]}
              />
            )}
            <IconButton
              label={t.remove(one.element)}
              icon={<X size={16} aria-hidden />}
              onPress={() => onChange({ ...value, rules: value.rules.filter((_, index) => index !== at) })}
            />
          </div>
          <Names
            label={t.others}
            all={known.filter((name) => name !== one.element)}
            value={one.others}
            onChange={(others) => rule(at, { others })}
            error={errors[`menu.rules[${at}].others`]}
          />
          {one.element && (one.others.length > 0 || one.kind === 'at_most') && (
            <p className="mt-2 text-ink-3 text-small">{t.says[one.kind](one.element, one.others, one.units ?? 1)}</p>
          )}
        </Card>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          icon={<Plus size={16} aria-hidden />}
          onPress={() => onChange({ ...value, rules: [...value.rules, { kind: 'requires', element: '', others: [] }] })}
        >
          {t.addRule}
        </Button>
        <Button
          icon={<Plus size={16} aria-hidden />}
          onPress={() => onChange({ ...value, groups: [...value.groups, { name: '', min: 1, max: 1, elements: [] }] })}
        >
          {t.addGroup}
        </Button>
      </div>
    </div>
  )
}

function Names({
  label,
  all,
  value,
  onChange,
  error,
}: {
  label: string
  all: string[]
  value: string[]
  onChange: (value: string[]) => void
  error?: string
}) {
  return (
    <fieldset className="mt-3">
      <legend className="mb-1.5 text-small">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {all.map((name) => {
          const on = value.includes(name)
          return (
            <button
              key={name}
              type="button"
              aria-pressed={on}
              aria-invalid={error ? true : undefined}
              className={cx(
                'focus-ring hit rounded-full border px-3 py-1 text-small',
                on ? 'border-accent bg-accent-soft text-accent-text' : 'border-control text-ink-2 hover:border-ink-3',
              )}
              onClick={() => onChange(on ? value.filter((one) => one !== name) : [...value, name])}
            >
              {name}
            </button>
          )
        })}
      </div>
      {error && (
        <p role="alert" className="mt-1 text-cinnabar text-small">
          {error}
        </p>
      )}
    </fieldset>
  )
}
