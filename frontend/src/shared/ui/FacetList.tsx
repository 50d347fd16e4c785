import { formatCount } from '../lib/money'
import { Checkbox } from './Choice'

export type Facet = { id: string; label: string; options: { id: string; label: string; count?: number }[]; value: string[] }

/** The same choices laid open, for a side column. */
export function FacetList({ facet, onChange }: { facet: Facet; onChange: (value: string[]) => void }) {
  return (
    <fieldset className="flex max-h-96 min-w-44 flex-col overflow-auto">
      <legend className="sr-only">{facet.label}</legend>
      {facet.options.map((option) => (
        <Checkbox
          key={option.id}
          isSelected={facet.value.includes(option.id)}
          onChange={(on) => onChange(on ? [...facet.value, option.id] : facet.value.filter((value) => value !== option.id))}
        >
          <span className="flex-1">{option.label}</span>
          {option.count !== undefined && <span className="num text-ink-3 text-small">{formatCount(option.count)}</span>}
        </Checkbox>
      ))}
    </fieldset>
  )
}
