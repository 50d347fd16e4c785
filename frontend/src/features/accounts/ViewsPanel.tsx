import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { Dialog } from 'react-aria-components'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useFilters } from '../../shared/lib/search'
import { keep } from '../../shared/lib/store'
import { Button, IconButton } from '../../shared/ui/Button'
import { Switch } from '../../shared/ui/Choice'
import { TextField } from '../../shared/ui/Field'
import { Popover } from '../../shared/ui/Popover'
import { toast } from '../../shared/ui/Toast'
import { dropView, type Filter, saveView, type View, viewsQuery } from './queries'
import { filterKeys } from './Views'
import { useAccounts } from './words'

type Props = { filter: Filter; trigger: RefObject<HTMLButtonElement | null>; onPick: (view: string) => void; onClose: () => void }

export default function ViewsPanel({ filter, trigger, onPick, onClose }: Props) {
  const t = useAccounts()
  const [, set] = useFilters<Filter>()
  const views = useQuery(viewsQuery).data?.items ?? []
  const drop = useWrite({
    run: (id: string, { headers }) => dropView(id, headers),
    touches: ['view'],
    onDone: () => toast(t.viewGone),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const pick = (view: View) => {
    const wanted = Object.fromEntries(new URLSearchParams(view.query))
    keep.set('columns.accounts', view.columns.join(',') || null)
    set(Object.fromEntries([...filterKeys, 'sort' as const].map((key) => [key, wanted[key]])))
    onPick(view.id + Date.now())
    onClose()
  }
  const group = (title: string, items: View[]) =>
    items.length > 0 && (
      <section>
        <h3 className="px-2 pt-1 text-ink-3 text-meta">{title}</h3>
        <ul>
          {items.map((view) => (
            <li key={view.id} className="flex items-center gap-1">
              <Button variant="quiet" size="small" className="!justify-start min-w-0 flex-1" onPress={() => pick(view)}>
                <span className="truncate">{view.name}</span>
              </Button>
              {view.mine && (
                <IconButton
                  label={t.dropView(view.name)}
                  size="small"
                  icon={<X size={14} aria-hidden />}
                  onPress={() => drop.mutate(view.id)}
                />
              )}
            </li>
          ))}
        </ul>
      </section>
    )
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom end" className="p-3">
      <Dialog aria-label={t.views} className="flex max-h-[420px] w-64 flex-col gap-2 overflow-auto outline-none">
        {views.length === 0 && <p className="px-2 text-ink-3 text-small">{t.noViews}</p>}
        {group(
          t.myViews,
          views.filter((view) => view.mine),
        )}
        {group(
          t.sharedViews,
          views.filter((view) => !view.mine),
        )}
        <Keep filter={filter} />
      </Dialog>
    </Popover>
  )
}

function Keep({ filter }: { filter: Filter }) {
  const t = useAccounts()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const save = useWrite({
    run: (_: undefined, { headers }) =>
      saveView(
        {
          list: 'accounts',
          name,
          shared,
          query: new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value ? [[key, String(value)]] : []))).toString(),
          columns: (keep.get('columns.accounts') ?? '').split(',').filter(Boolean),
        },
        headers,
      ),
    touches: ['view'],
    onDone: () => {
      setName('')
      toast(t.viewSaved)
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <form
      className="flex flex-col gap-2 border-line border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) save.mutate(undefined)
      }}
    >
      <TextField label={t.viewName} value={name} onChange={setName} maxLength={40} />
      <Switch isSelected={shared} onChange={setShared}>
        {t.viewShared}
      </Switch>
      <Button type="submit" isPending={save.isPending} isDisabled={!name.trim()}>
        {t.saveView}
      </Button>
    </form>
  )
}
