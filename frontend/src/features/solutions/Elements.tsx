import { Plus, X } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { Button, IconButton } from '../../shared/ui/Button'
import { Checkbox, CheckboxGroup } from '../../shared/ui/Choice'
import { NumberField, TextField } from '../../shared/ui/Field'
import { Card } from '../../shared/ui/Layout'
import { MoneyField } from '../../shared/ui/MoneyField'
import { Select } from '../../shared/ui/Select'
import type { Element } from './queries'
import { useSolutions } from './words'

/** An element in the editor; `key` keeps the row while it is being typed. */
export type Draft = Element & { key: string }
export const drafts = (elements: Element[]): Draft[] => elements.map((element, index) => ({ ...element, key: element.id ?? `e${index}` }))

type Props = { value: Draft[]; onChange: (value: Draft[]) => void; errors: Record<string, string> }

/** The menu: one row an element, on a phone one card. */
export function Elements({ value, onChange, errors }: Props) {
  const t = useSolutions()
  const d = useDomain()
  const e = t.editor
  const patch = (key: string, change: Partial<Element>) => onChange(value.map((row) => (row.key === key ? { ...row, ...change } : row)))
  const add = () =>
    onChange([
      ...value,
      { key: crypto.randomUUID(), name: '', unit: '', billing: 'one_off', price_fen: 0, required: value.length === 0, max: 0 },
    ])
  return (
    <div id="elements" className="scroll-mt-16">
      {value.length === 0 && (
        <p className="mb-3 rounded-card border border-line-strong border-dashed bg-sunken p-4 text-ink-3">{e.noElements}</p>
      )}
      <ul className="@container flex flex-col gap-3">
        {value.map((row, index) => (
          <li key={row.key}>
            <Card className="!p-3">
              <div className="grid grid-cols-2 gap-3 @lg:grid-cols-4 @3xl:grid-cols-[minmax(110px,1fr)_72px_104px_116px_64px_64px_64px_auto_34px] @3xl:items-end">
                <TextField
                  className="col-span-2 @3xl:col-span-1"
                  label={e.element}
                  value={row.name}
                  onChange={(name) => patch(row.key, { name })}
                  maxLength={60}
                  error={errors[`elements[${index}].name`]}
                />
                <TextField
                  label={e.unit}
                  value={row.unit}
                  onChange={(unit) => patch(row.key, { unit })}
                  placeholder={e.unitHint}
                  maxLength={20}
                  error={errors[`elements[${index}].unit`]}
                />
                <Select
                  label={e.billing}
                  options={optionsOf(d.billing)}
                  value={row.billing}
                  onChange={(billing) => patch(row.key, { billing: billing as Element['billing'] })}
                />
                <MoneyField
                  label={e.price}
                  value={row.price_fen}
                  onChange={(fen) => patch(row.key, { price_fen: fen ?? 0 })}
                  error={errors[`elements[${index}].price_fen`]}
                />
                <NumberField
                  label={e.min}
                  value={row.min ?? 0}
                  minValue={0}
                  onChange={(min) => patch(row.key, { min: min ?? 0 })}
                  error={errors[`elements[${index}].min`]}
                />
                <NumberField
                  label={e.default}
                  value={row.default ?? 0}
                  minValue={0}
                  onChange={(units) => patch(row.key, { default: units ?? 0 })}
                  error={errors[`elements[${index}].default`]}
                />
                <NumberField label={e.max} value={row.max} minValue={0} onChange={(max) => patch(row.key, { max: max ?? 0 })} />
                <Checkbox isSelected={row.required} onChange={(required) => patch(row.key, { required })} className="@3xl:h-[34px]">
                  {e.required}
                </Checkbox>
                <IconButton
                  className="justify-self-end @lg:col-start-4 @3xl:col-start-auto"
                  label={e.removeElement(row.name)}
                  icon={<X size={16} aria-hidden />}
                  onPress={() => onChange(value.filter((one) => one.key !== row.key))}
                />
              </div>
              <Cities
                value={row.cities ?? []}
                onChange={(cities) => patch(row.key, { cities })}
                error={errors[`elements[${index}].cities`]}
              />
              <Steps element={row} onChange={(steps) => patch(row.key, { steps })} error={errors[`elements[${index}].steps`]} />
            </Card>
          </li>
        ))}
      </ul>
      <div className="mt-3 flex items-center gap-3">
        <Button icon={<Plus size={16} aria-hidden />} onPress={add}>
          {e.addElement}
        </Button>
        <span className="text-ink-3 text-small">{`${e.max}: ${e.maxHelp}`}</span>
      </div>
    </div>
  )
}

/** Where the element is offered: everywhere, or in these cities only. */
function Cities({ value, onChange, error }: { value: string[]; onChange: (codes: string[]) => void; error?: string }) {
  const { editor: e } = useSolutions()
  const { reference } = useReference()
  const names = value.map((code) => reference.cities.find((city) => city.code === code)?.name ?? code)
  return (
    <details className="mt-2">
      <summary className="focus-ring w-fit cursor-pointer rounded-check text-ink-3 text-small">
        {e.cities(names.length ? names.join('、') : e.allCities)}
      </summary>
      <CheckboxGroup
        label={e.citiesHelp}
        className="mt-2"
        options={reference.cities.map((city) => ({ id: city.code, label: city.name }))}
        value={value}
        onChange={onChange}
        error={error}
      />
    </details>
  )
}

/** The price of each unit from a quantity on: cheaper the more. */
function Steps({ element, onChange, error }: { element: Element; onChange: (steps: Element['steps']) => void; error?: string }) {
  const { editor: e } = useSolutions()
  const steps = element.steps ?? []
  const put = (at: number, change: Partial<(typeof steps)[number]>) =>
    onChange(steps.map((one, index) => (index === at ? { ...one, ...change } : one)))
  const last = steps.at(-1)
  return (
    <div className="mt-2 flex flex-wrap items-end gap-3">
      {steps.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other identity
        <span key={at} className="flex items-end gap-1.5">
          <NumberField
            className="w-24"
            label={e.stepFrom}
            value={one.from}
            minValue={2}
            onChange={(from) => put(at, { from: from ?? 2 })}
          />
          <MoneyField className="w-28" label={e.stepPrice} value={one.price_fen} onChange={(fen) => put(at, { price_fen: fen ?? 0 })} />
          <IconButton
            label={e.removeStep(one.from)}
            icon={<X size={16} aria-hidden />}
            onPress={() => onChange(steps.filter((_, index) => index !== at))}
          />
        </span>
      ))}
      {steps.length < 10 && (
        <Button
          size="small"
          variant="quiet"
          icon={<Plus size={15} aria-hidden />}
          onPress={() =>
            onChange([...steps, { from: (last?.from ?? 1) * 10, price_fen: Math.floor((last?.price_fen ?? element.price_fen) * 0.9) }])
          }
        >
          {e.addStep}
        </Button>
      )}
      {error && (
        <p role="alert" className="w-full text-cinnabar text-small">
          {error}
        </p>
      )}
    </div>
  )
}
