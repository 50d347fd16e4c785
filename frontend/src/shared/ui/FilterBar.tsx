import { ListFilter, X } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { useCommon } from '../i18n/common'
import { Button } from './Button'
import type { Facet } from './FacetList'
import { SearchField, type SearchProps } from './SearchField'

const FacetPanel = lazy(() => import('./FacetPanel'))

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
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        ref={trigger}
        aria-haspopup="dialog"
        aria-expanded={open}
        icon={<ListFilter size={16} aria-hidden />}
        onPress={() => setOpen(!open)}
      >
        {facet.label}
        {facet.value.length > 0 && (
          <span className="num rounded-full bg-accent-soft px-1.5 text-accent-text text-meta">{facet.value.length}</span>
        )}
      </Button>
      <Suspense>{open && <FacetPanel facet={facet} onChange={onChange} trigger={trigger} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
