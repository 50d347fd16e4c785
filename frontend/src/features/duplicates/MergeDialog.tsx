import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { toast } from '../../shared/ui/Toast'
import { type Field, merge, type Pair, undoMerge } from './queries'
import { useDuplicates } from './words'

type Side = 'one' | 'other'

export default function MergeDialog({ pair, onClose }: { pair: Pair; onClose: () => void }) {
  const t = useDuplicates()
  const common = useCommon()
  const client = useQueryClient()
  const [keeper, setKeeper] = useState<Side>('one')
  const [taken, setTaken] = useState(new Set<Field>())
  const loser: Side = keeper === 'one' ? 'other' : 'one'
  const values = useValues(pair)
  const fields = (Object.keys(t.fields) as Field[]).filter((field) => values('one', field) !== values('other', field))
  const save = useWrite({
    run: (_: undefined, { headers }) => merge(pair[keeper].id, pair[loser].id, [...taken], headers),
    touches: ['duplicate', 'account'],
    onDone: (done) => {
      onClose()
      toast(t.done, {
        ms: 15_000,
        undo: async () => {
          await undoMerge(done.id)
          await client.invalidateQueries({ queryKey: ['duplicate'] })
          await client.invalidateQueries({ queryKey: ['account'] })
          toast(t.undone)
        },
      })
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const choose = (field: Field, side: Side) => {
    const next = new Set(taken)
    if (side === keeper) next.delete(field)
    else next.add(field)
    setTaken(next)
  }
  const keep = (side: Side) => {
    setKeeper(side)
    setTaken(new Set())
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.mergeTitle}
      size="large"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => save.mutate(undefined)}>
            {t.merge}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-small">{t.willMove}</p>
      <div className="grid grid-cols-2 gap-3">
        {(['one', 'other'] as const).map((side) => (
          <div key={side} className={cx('rounded-card border p-3', keeper === side ? 'border-accent bg-accent-soft' : 'border-line')}>
            <p className="text-ink-2 text-meta">{keeper === side ? t.keeper : t.loser}</p>
            <p className="font-medium text-ink">{pair[side].name}</p>
            <p className="num break-all text-small">{pair[side].credit_code}</p>
            {keeper !== side && (
              <Button size="small" className="mt-2" onPress={() => keep(side)}>
                {t.keep}
              </Button>
            )}
          </div>
        ))}
      </div>
      {fields.length > 0 && <p className="mt-5 mb-2 text-ink-3 text-small">{t.pick}</p>}
      {fields.map((field) => (
        <div key={field} role="radiogroup" aria-label={t.fields[field]} className="border-line border-t py-2">
          <p className="text-ink-3 text-small">{t.fields[field]}</p>
          <div className="grid grid-cols-2 gap-3">
            {(['one', 'other'] as const).map((side) => (
              <label key={side} className="hit flex items-start gap-2">
                <input
                  type="radio"
                  name={field}
                  className="mt-1 accent-(--accent)"
                  checked={taken.has(field) ? side === loser : side === keeper}
                  onChange={() => choose(field, side)}
                />
                <span className="min-w-0 break-words text-ink">{values(side, field) || '-'}</span>
              </label>
            ))}
          </div>
        </div>
      ))}
    </Dialog>
  )
}

/** What each side says about a field, in words. */
function useValues(pair: Pair) {
  const t = useDuplicates()
  const d = useDomain()
  const { reference, name } = useReference()
  return (side: Side, field: Field): string => {
    const row = pair[side]
    const more = side === 'one' ? pair.one_more : pair.other_more
    const district = reference.cities.flatMap((city) => city.districts).find((one) => one.code === row.district_code)
    switch (field) {
      case 'kind':
        return d.accountKind[row.kind]
      case 'industry':
        return name(reference.industries, row.industry)
      case 'district_code':
        return district?.name ?? row.district_code
      case 'owner':
        return row.owner_name || t.unowned
      case 'contact':
        return [more.contact_name, more.contact_phone, more.contact_email].filter(Boolean).join(' ')
      case 'demand':
        return more.demand && wordOf(t.demands, more.demand)
      case 'emcp':
        return [more.employees, more.machines, more.customers, more.suppliers].join(' / ')
      case 'name':
      case 'tier':
        return row[field]
      default:
        return String(more[field])
    }
  }
}
