import { Columns3 } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useCommon } from '../i18n/common'
import { keep } from '../lib/store'
import { Button } from './Button'

const Panel = lazy(() => import('./TableSettingsPanel'))

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

export type SettingsProps = {
  columns: { id: string; header: string; isFixed?: boolean }[]
  hidden: string[]
  onToggle: (id: string) => void
}

export function TableSettings(props: SettingsProps) {
  const t = useCommon()
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        ref={trigger}
        aria-haspopup="dialog"
        aria-expanded={open}
        icon={<Columns3 size={16} aria-hidden />}
        onPress={() => setOpen(!open)}
      >
        {t.columns}
      </Button>
      <Suspense>{open && <Panel {...props} trigger={trigger} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
