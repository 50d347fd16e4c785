import { Columns3 } from 'lucide-react'
import { useState } from 'react'
import { Dialog, DialogTrigger } from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { density, setDensity } from '../lib/prefs'
import { keep } from '../lib/store'
import { Button } from './Button'
import { Checkbox, Switch } from './Choice'
import { Popover } from './Popover'

/** Which columns a person has put away, kept per table. */
export function useHiddenColumns(id: string) {
  const key = `columns.${id}`
  const [hidden, setHidden] = useState<string[]>(() => (keep.get(key) ?? '').split(',').filter(Boolean))
  const toggle = (column: string) => {
    const next = hidden.includes(column) ? hidden.filter((other) => other !== column) : [...hidden, column]
    setHidden(next)
    keep.set(key, next.join(',') || null)
  }
  return { hidden, toggle }
}

type Props = { columns: { id: string; header: string; isFixed?: boolean }[]; hidden: string[]; onToggle: (id: string) => void }

export function TableSettings({ columns, hidden, onToggle }: Props) {
  const t = useCommon()
  const compact = density.use() === 'compact'
  return (
    <DialogTrigger>
      <Button icon={<Columns3 size={16} aria-hidden />}>{t.columns}</Button>
      <Popover placement="bottom end" className="p-3">
        <Dialog aria-label={t.columns} className="flex max-h-96 min-w-40 flex-col overflow-auto outline-none">
          {columns.map((column) => (
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
    </DialogTrigger>
  )
}
