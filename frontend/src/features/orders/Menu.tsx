import { Minus, Plus } from 'lucide-react'
import { useDomain } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { IconButton } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { NumberField } from '../../shared/ui/Field'
import { Money } from '../../shared/ui/Text'
import type { Element, Price } from './queries'
import { useOrders } from './words'

export type Chosen = Record<string, number>
type Props = { menu: Element[]; chosen: Chosen; onChange: (chosen: Chosen) => void; price?: Price }

/** All elements; each with how many, and what the rules say to it. */
export function Menu({ menu, chosen, onChange, price }: Props) {
  const { compose: t } = useOrders()
  const d = useDomain()
  return (
    <ul className="divide-y divide-line rounded-card border border-line">
      {menu.map((element) => {
        const id = element.id ?? ''
        const quantity = chosen[id] ?? 0
        const set = (next: number) => onChange({ ...chosen, [id]: Math.max(0, next) })
        const line = price?.lines.find((one) => one.element_id === id)
        const broken = price?.violations.filter((one) => one.element_id === id) ?? []
        return (
          <li key={id} className={cx('px-4 py-3', quantity > 0 && 'bg-sunken')}>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <Checkbox className="min-w-0 flex-1 basis-52 items-start" isSelected={quantity > 0} onChange={(on) => set(on ? 1 : 0)}>
                <span className="-mt-[3px] min-w-0">
                  <span className="block">
                    {element.name}
                    {element.required && <span className="ml-2 text-accent-text text-meta">{d.required}</span>}
                  </span>
                  <span className="num block text-ink-3 text-small">
                    <Money fen={element.price_fen} trim />/{element.unit} · {d.billing[element.billing]}
                    {element.max > 0 && ` · ${d.upTo(element.max)}`}
                  </span>
                </span>
              </Checkbox>
              {quantity > 0 && (
                <span className="flex items-center gap-1">
                  <IconButton
                    label={`${t.quantity(element.name)} -1`}
                    icon={<Minus size={16} aria-hidden />}
                    onPress={() => set(quantity - 1)}
                  />
                  <NumberField
                    className="w-20"
                    label={t.quantity(element.name)}
                    hideLabel
                    value={quantity}
                    minValue={0}
                    onChange={(next) => set(next ?? 0)}
                  />
                  <IconButton
                    label={`${t.quantity(element.name)} +1`}
                    icon={<Plus size={16} aria-hidden />}
                    onPress={() => set(quantity + 1)}
                  />
                </span>
              )}
              <span className="w-28 text-right">{line && quantity > 0 ? <Money fen={line.amount_fen} /> : ''}</span>
            </div>
            {broken.map((one) => (
              <p key={one.code} role="status" className="mt-1 pl-6 text-cinnabar text-small">
                {one.message}
              </p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
