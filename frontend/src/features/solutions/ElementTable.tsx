import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Money } from '../../shared/ui/Text'
import type { Element } from './queries'
import { useSolutions } from './words'

export function ElementTable({ elements }: { elements: Element[] }) {
  const t = useSolutions()
  const d = useDomain()
  const e = t.editor
  const { reference } = useReference()
  return (
    <MiniTable
      label={e.elements}
      head={[e.element, e.billing, e.price, e.max]}
      end={[2, 3]}
      rows={elements.map((element, index) => ({
        id: element.id ?? String(index),
        cells: [
          <span key="name">
            {element.name}
            {element.required && <span className="ml-2 text-accent-text text-meta">{d.required}</span>}
            {!!element.cities?.length && (
              <span className="block text-ink-3 text-small">
                {e.onlyIn(element.cities.map((code) => reference.cities.find((city) => city.code === code)?.name ?? code).join('、'))}
              </span>
            )}
          </span>,
          d.billing[element.billing],
          <span key="price">
            <Money fen={element.price_fen} trim />
            <span className="text-ink-3">/{element.unit}</span>
          </span>,
          element.min && element.min > 1 ? `${element.min}–${element.max || '∞'}` : element.max ? d.upTo(element.max) : '-',
        ],
      }))}
    />
  )
}
