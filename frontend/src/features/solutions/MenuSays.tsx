import type { MenuRules } from './queries'
import { useSolutions } from './words'

/** The rules of a menu in sentences. */
export function MenuSays({ menu }: { menu: MenuRules }) {
  const t = useSolutions().menu
  if (!menu.groups.length && !menu.rules.length) return null
  return (
    <ul aria-label={t.title} className="mt-3 list-disc pl-5 text-ink-2 text-small">
      {menu.groups.map((one) => (
        <li key={one.name}>
          {one.name}: {t.saysGroup(one.elements.length, one.min, one.max)} ({one.elements.join('、')})
        </li>
      ))}
      {menu.rules.map((one) => (
        <li key={`${one.kind}${one.element}${one.others.join()}`}>{t.says[one.kind](one.element, one.others, one.units ?? 0)}</li>
      ))}
    </ul>
  )
}
