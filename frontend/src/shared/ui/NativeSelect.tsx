import { ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { cx } from '../lib/cx'

type Props<V extends string> = {
  label: string
  hideLabel?: boolean
  className?: string
  options: { id: V; label: string }[]
  value: V
  onChange: (value: V) => void
}

/** The browser's own select: for a filter of a list, where the kit's would be most of the page. */
export function NativeSelect<V extends string>({ label, hideLabel, className, options, value, onChange }: Props<V>) {
  const id = useId()
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-small'}>
        {label}
      </label>
      <div className="field relative">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value as V)}
          className="min-h-[inherit] w-full appearance-none truncate rounded-control bg-transparent pr-8 pl-3 outline-none [&>option]:bg-raised"
        >
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown size={16} className="pointer-events-none absolute right-3 text-ink-3" aria-hidden />
      </div>
    </div>
  )
}
