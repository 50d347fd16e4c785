import { Bookmark } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { Button } from '../../shared/ui/Button'
import type { Filter } from './queries'
import { useAccounts } from './words'

const Panel = lazy(() => import('./ViewsPanel'))

export const filterKeys = [
  'q',
  'city',
  'district',
  'kind',
  'tier',
  'industry',
  'owner',
  'existing',
  'quality',
  'target',
  'segment',
] as const

/** Saved views: filters and columns by name, mine and shared. */
export function Views({ filter, onPick }: { filter: Filter; onPick: (view: string) => void }) {
  const t = useAccounts()
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        ref={trigger}
        aria-haspopup="dialog"
        aria-expanded={open}
        icon={<Bookmark size={16} aria-hidden />}
        onPress={() => setOpen(!open)}
      >
        {t.views}
      </Button>
      <Suspense>{open && <Panel filter={filter} trigger={trigger} onPick={onPick} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
