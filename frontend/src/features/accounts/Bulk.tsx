import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { formatCount } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import type { Choice, Filter } from './queries'
import { useAccounts } from './words'

const BulkDialog = lazy(() => import('./BulkDialog'))

/** Choosing rows, or all that match, and what may be done to them. */
export function useBulk(filter: Filter, total: number) {
  const t = useAccounts()
  const can = useCan()
  const [keys, setKeys] = useState(new Set<string>())
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<'assign' | 'target'>()
  const may = can('account:assign') || can('account:target')
  const query = new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value ? [[key, String(value)]] : []))).toString()
  const choice: Choice = all ? { all: true, query } : { ids: [...keys] }
  const choose = (next: Set<string>) => {
    setKeys(next)
    setAll(false)
  }
  const done = () => {
    setOpen(undefined)
    choose(new Set())
  }
  return {
    selection: may ? keys : undefined,
    onSelection: choose,
    buttons: (
      <>
        {all ? (
          <span className="text-ink-3 text-small">{t.allChosen(formatCount(total))}</span>
        ) : (
          total > keys.size && (
            <Button size="small" variant="quiet" onPress={() => setAll(true)}>
              {t.allMatch}
            </Button>
          )
        )}
        {can('account:assign') && (
          <Button size="small" onPress={() => setOpen('assign')}>
            {t.bulkAssign}
          </Button>
        )}
        {can('account:target') && (
          <Button size="small" onPress={() => setOpen('target')}>
            {t.bulkTarget}
          </Button>
        )}
        <Suspense>{open && <BulkDialog kind={open} choice={choice} onClose={() => setOpen(undefined)} onDone={done} />}</Suspense>
      </>
    ),
  }
}
