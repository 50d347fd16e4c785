import type { RefObject } from 'react'
import { Dialog } from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { density, setDensity } from '../lib/prefs'
import { Checkbox, Switch } from './Choice'
import { Popover } from './Popover'
import type { SettingsProps } from './TableSettings'

type Props = SettingsProps & { trigger: RefObject<HTMLButtonElement | null>; onClose: () => void }

export default function TableSettingsPanel({ columns, hidden, onToggle, trigger, onClose }: Props) {
  const t = useCommon()
  const compact = density.use() === 'compact'
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom end" className="p-3">
      <Dialog aria-label={t.columns} className="flex max-h-96 min-w-40 flex-col overflow-auto outline-none">
        {columns
          .filter((column) => column.header)
          .map((column) => (
            <Checkbox
              key={column.id}
              isSelected={column.isFixed || !hidden.includes(column.id)}
              isDisabled={column.isFixed}
              onChange={() => onToggle(column.id)}
            >
              {column.header}
            </Checkbox>
          ))}
        <div className="mt-2 border-line border-t pt-2">
          <Switch isSelected={compact} onChange={(on) => setDensity(on ? 'compact' : 'normal')}>
            {t.compact}
          </Switch>
        </div>
      </Dialog>
    </Popover>
  )
}
