import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, Header, MenuItem, MenuSection, MenuTrigger, Separator } from 'react-aria-components'
import { cx } from '../lib/cx'
import { Popover, type PopoverProps } from './Popover'
import { optionClass } from './Select'

export type MenuEntry = {
  id: string
  label: string
  detail?: string
  icon?: ReactNode
  isDanger?: boolean
  isDisabled?: boolean
  isChecked?: boolean
  href?: string
  onAction?: () => void
}
export type MenuGroup = { id: string; title?: string; entries: MenuEntry[] }

export function MenuList({ groups, label }: { groups: MenuGroup[]; label: string }) {
  return (
    <AriaMenu aria-label={label} className="max-h-96 min-w-48 overflow-auto p-1 outline-none">
      {groups.map((group, index) => (
        <MenuSection key={group.id} aria-label={group.title ?? label}>
          {index > 0 && <Separator className="my-1 border-line border-t" />}
          {group.title && <Header className="px-2.5 pt-1.5 pb-1 text-ink-3 text-meta">{group.title}</Header>}
          {group.entries.map(({ label: text, detail, icon, isDanger, isChecked, ...entry }) => (
            <MenuItem key={entry.id} {...entry} textValue={text} className={cx(optionClass, isDanger && 'text-cinnabar')}>
              {icon}
              <span className="min-w-0 flex-1">
                <span className="block truncate">{text}</span>
                {detail && <span className="block truncate text-ink-3 text-meta">{detail}</span>}
              </span>
              {isChecked && <Check size={16} className="shrink-0 text-accent" aria-hidden />}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
    </AriaMenu>
  )
}

/** A button (first child) and what it opens. */
export function MenuButton({
  trigger,
  groups,
  label,
  ...popover
}: { trigger: ReactElement; groups: MenuGroup[]; label: string } & Omit<PopoverProps, 'trigger'>) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover {...popover}>
        <MenuList groups={groups} label={label} />
      </Popover>
    </MenuTrigger>
  )
}
