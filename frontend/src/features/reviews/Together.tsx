import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { toast } from '../../shared/ui/Toast'
import { approveTogether, type ReviewRow } from './queries'
import { useReviews } from './words'

/** Many decisions at once, each looked through before: what is not safe stays out. */
export default function Together({ rows, onClose }: { rows: ReviewRow[]; onClose: () => void }) {
  const t = useReviews()
  const common = useCommon()
  const [shown] = useState(rows)
  const [out, setOut] = useState<string[]>([])
  const [why, setWhy] = useState<Record<string, string>>({})
  const chosen = shown.filter((row) => !out.includes(row.id))
  const save = useWrite({
    run: (ids: string[], { headers }) => approveTogether(ids, headers),
    touches: ['review', 'certification', 'listing', 'home', 'market'],
    onDone: ({ items }) => {
      const left = items.filter((item) => !item.approved)
      toast(left.length ? t.togetherLeft(left.length) : t.togetherDone(items.length), { bad: left.length > 0 })
      if (!left.length) return onClose()
      setWhy(Object.fromEntries(left.map((item) => [item.id, item.why ?? ''])))
      setOut(shown.filter((row) => !left.some((item) => item.id === row.id)).map((row) => row.id))
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="medium"
      title={t.togetherTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={!chosen.length}
            isPending={save.isPending}
            onPress={() => save.mutate(chosen.map((row) => row.id))}
          >
            {t.togetherGo(chosen.length)}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-ink-3">{t.togetherWhy}</p>
      <ul className="divide-y divide-line">
        {shown.map((row) => (
          <li key={row.id} className="py-2">
            <Checkbox
              isSelected={!out.includes(row.id)}
              onChange={(on) => setOut(on ? out.filter((one) => one !== row.id) : [...out, row.id])}
            >
              {row.title} <span className="text-ink-3">{row.semver}</span>
            </Checkbox>
            <p className="pl-7 text-ink-3 text-small">
              {t.what[row.what]} · {row.partner_name}
            </p>
            {why[row.id] && <p className="pl-7 text-cinnabar text-small">{why[row.id]}</p>}
          </li>
        ))}
      </ul>
      {save.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
    </Dialog>
  )
}
