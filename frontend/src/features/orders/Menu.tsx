import { Minus, Plus } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { formatFen } from '../../shared/lib/money'
import { Button, IconButton } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { NumberField } from '../../shared/ui/Field'
import { Money } from '../../shared/ui/Text'
import type { Element, MenuRules, Price } from './queries'
import { useOrders } from './words'

export type Chosen = Record<string, number>
type Props = { menu: Element[]; rules: MenuRules; chosen: Chosen; onChange: (chosen: Chosen) => void; price?: Price }

/** How many an element begins with when it is taken. */
export const start = (element: Element) => element.default || element.min || 1

/** All elements, those of a group together; each with how many, what the rules say to it, and what would mend it. */
export function Menu({ menu, rules, chosen, onChange, price }: Props) {
  const { compose: t } = useOrders()
  const grouped = new Set(rules.groups.flatMap((one) => one.elements))
  const parts = { chosen, onChange, price, all: menu }
  return (
    <div className="flex flex-col gap-4">
      <Rows menu={menu.filter((one) => !grouped.has(one.name))} {...parts} />
      {rules.groups.map((group) => (
        <section key={group.name} aria-label={group.name}>
          <h3 className="mb-1.5 flex flex-wrap items-baseline gap-2 font-medium">
            {group.name}
            <span className="font-normal text-ink-3 text-small">{t.choose(group.min, group.max, group.elements.length)}</span>
          </h3>
          <Rows menu={menu.filter((one) => group.elements.includes(one.name))} {...parts} />
          {price?.violations
            .filter((one) => one.group === group.name)
            .map((one) => (
              <p key={one.code} role="status" className="mt-1 text-cinnabar text-small">
                {one.message}
              </p>
            ))}
        </section>
      ))}
    </div>
  )
}

function Rows({ menu, all, chosen, onChange, price }: Omit<Props, 'rules'> & { all: Element[] }) {
  const { compose: t } = useOrders()
  const d = useDomain()
  const { reference } = useReference()
  if (!menu.length) return null
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
              <Checkbox
                className="min-w-0 flex-1 basis-52 items-start"
                isSelected={quantity > 0}
                onChange={(on) => set(on ? start(element) : 0)}
              >
                <span className="-mt-[3px] min-w-0">
                  <span className="block">
                    {element.name}
                    {element.required && <span className="ml-2 text-accent-text text-meta">{d.required}</span>}
                  </span>
                  <span className="num block text-ink-3 text-small">
                    <Money fen={element.price_fen} trim />/{element.unit} · {d.billing[element.billing]}
                    {!!element.min && element.min > 1 && ` · ${t.from(element.min)}`}
                    {element.steps?.map((one) => ` · ${t.stepped(one.from, formatFen(one.price_fen, { trim: true }))}`)}
                    {element.max > 0 && ` · ${d.upTo(element.max)}`}
                    {!!element.cities?.length &&
                      ` · ${t.onlyIn(element.cities.map((code) => reference.cities.find((city) => city.code === code)?.name ?? code).join('、'))}`}
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
              <p
                key={one.code + one.message}
                role="status"
                className="mt-1 flex flex-wrap items-center gap-2 pl-6 text-cinnabar text-small"
              >
                {one.message}
                {one.fix && (
                  <Button size="small" onPress={() => one.fix && onChange({ ...chosen, [one.fix.element_id]: one.fix.quantity })}>
                    {t.mend(
                      one.fix.element_id === id ? '' : (all.find((other) => other.id === one.fix?.element_id)?.name ?? ''),
                      one.fix.quantity,
                    )}
                  </Button>
                )}
              </p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
