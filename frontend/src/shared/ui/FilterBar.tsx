import { ListFilter, Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Dialog, DialogTrigger } from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { formatCount } from '../lib/money'
import { Button } from './Button'
import { Checkbox } from './Choice'
import { Popover } from './Popover'

export type Facet = { id: string; label: string; options: { id: string; label: string; count?: number }[]; value: string[] }

type SearchProps = { label: string; value: string; onChange: (value: string) => void; className?: string }

/** Tells its text on 250 ms after the last key. */
export function SearchField({ label, value, onChange, className }: SearchProps) {
  const t = useCommon()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  })
  return (
    <div className={cx('field', className)}>
      <Search size={16} className="mr-2 ml-3 shrink-0 text-ink-3" aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <button
          type="button"
          aria-label={t.clear}
          onClick={() => {
            setText('')
            onChange('')
          }}
          className="hit grid h-8 w-9 place-items-center text-ink-3"
        >
          <X size={16} aria-hidden />
        </button>
      )}
    </div>
  )
}

type Props = {
  search?: Omit<SearchProps, 'className'>
  facets?: Facet[]
  onFacet?: (id: string, value: string[]) => void
  /** Order, view and the like. */
  children?: ReactNode
}

/** The page keeps what is chosen in the URL and passes it down. */
export function FilterBar({ search, facets = [], onFacet, children }: Props) {
  const t = useCommon()
  const chips = facets.flatMap((facet) =>
    facet.options.filter((option) => facet.value.includes(option.id)).map((option) => ({ facet, option })),
  )
  const clear = () => {
    for (const facet of facets) onFacet?.(facet.id, [])
  }
  const drop = (facet: Facet, id: string) =>
    onFacet?.(
      facet.id,
      facet.value.filter((value) => value !== id),
    )
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      {search && <SearchField {...search} className="max-w-80 basis-56 phone:max-w-none phone:flex-1" />}
      {facets.map((facet) => (
        <FacetButton key={facet.id} facet={facet} onChange={(value) => onFacet?.(facet.id, value)} />
      ))}
      {children}
      {chips.length > 0 && (
        <div className="flex basis-full flex-wrap items-center gap-2">
          {chips.map(({ facet, option }) => (
            <Button
              key={`${facet.id}.${option.id}`}
              size="small"
              onPress={() => drop(facet, option.id)}
              aria-label={`${t.clear} ${option.label}`}
            >
              {option.label}
              <X size={14} aria-hidden />
            </Button>
          ))}
          <Button size="small" variant="quiet" onPress={clear}>
            {t.clearAll}
          </Button>
        </div>
      )}
    </div>
  )
}

function FacetButton({ facet, onChange }: { facet: Facet; onChange: (value: string[]) => void }) {
  return (
    <DialogTrigger>
      <Button icon={<ListFilter size={16} aria-hidden />}>
        {facet.label}
        {facet.value.length > 0 && (
          <span className="num rounded-full bg-accent-soft px-1.5 text-accent-text text-meta">{facet.value.length}</span>
        )}
      </Button>
      <Popover placement="bottom start" className="p-3">
        <Dialog aria-label={facet.label} className="outline-none">
          <FacetList facet={facet} onChange={onChange} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

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
