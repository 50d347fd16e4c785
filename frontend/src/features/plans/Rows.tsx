import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../../shared/ui/Button'
import { NumberField } from '../../shared/ui/Field'

/** A rate in percent, held in parts per million. */
export function Percent({ label, ppm, onChange }: { label: string; ppm: number; onChange: (ppm: number) => void }) {
  return (
    <NumberField
      className="w-32"
      label={label}
      suffix="%"
      minValue={0}
      maxValue={100}
      step={0.0001}
      value={ppm / 10_000}
      onChange={(percent) => onChange(Math.round((percent ?? 0) * 10_000))}
    />
  )
}

type Props<T> = {
  title: string
  help?: string
  error?: string
  add: string
  remove: string
  rows: T[]
  blank: T
  onChange: (rows: T[]) => void
  row: (value: T, put: (value: T) => void) => ReactNode
}

/** A short list of small rows. */
export function Rows<T>({ title, help, error, add, remove, rows, blank, onChange, row }: Props<T>) {
  return (
    <div>
      <h4 className="mb-2 font-medium text-small">{title}</h4>
      {help && <p className="mb-2 text-ink-3 text-small">{help}</p>}
      <ul className="flex flex-col gap-2">
        {rows.map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
          <li key={index} className="flex flex-wrap items-end gap-3">
            {row(value, (next) => onChange(rows.map((one, at) => (at === index ? next : one))))}
            <IconButton
              label={`${remove} ${index + 1}`}
              icon={<X size={16} aria-hidden />}
              onPress={() => onChange(rows.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      {error && (
        <p role="status" className="mt-2 text-cinnabar text-small">
          {error}
        </p>
      )}
      <Button
        size="small"
        variant="quiet"
        className="mt-1"
        icon={<Plus size={15} aria-hidden />}
        onPress={() => onChange([...rows, blank])}
      >
        {add}
      </Button>
    </div>
  )
}
