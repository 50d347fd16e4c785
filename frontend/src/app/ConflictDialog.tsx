import type { ConflictChoice } from '../shared/api/conflict'
import type { ApiProblem } from '../shared/api/problem'
import { useCommon } from '../shared/i18n/common'
import { Button } from '../shared/ui/Button'
import { Dialog } from '../shared/ui/Dialog'

export default function ConflictDialog({ problem, answer }: { problem: ApiProblem; answer: (choice: ConflictChoice) => void }) {
  const t = useCommon()
  return (
    <Dialog
      isOpen
      role="alertdialog"
      onClose={() => answer('cancel')}
      title={t.conflict.title}
      footer={
        <>
          <Button onPress={() => answer('mine')}>{t.conflict.mine}</Button>
          <Button variant="primary" onPress={() => answer('theirs')}>
            {t.conflict.theirs}
          </Button>
        </>
      }
    >
      <p>{t.conflict.body(problem.changedBy ?? t.conflict.someone)}</p>
      {problem.message && <p className="mt-2 text-ink-3 text-small">{problem.message}</p>}
    </Dialog>
  )
}
