import { Eye } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { Button } from '../../shared/ui/Button'
import { toast } from '../../shared/ui/Toast'
import { reveal } from './accessQueries'
import { useAccess } from './accessWords'

const ReasonDialog = lazy(() => import('../../shared/ui/ReasonDialog'))

/** Shows masked contact details once, for a reason that is recorded. */
export function Reveal({ id, onShown }: { id: string; onShown: (contact: Schemas['Uncovered']) => void }) {
  const t = useAccess()
  const [open, setOpen] = useState(false)
  const show = useWrite({
    run: (reason: string, { headers }) => reveal(id, reason, headers),
    onDone: (contact) => {
      setOpen(false)
      onShown(contact)
      toast(t.revealed)
    },
  })
  return (
    <>
      <Button size="small" icon={<Eye size={15} aria-hidden />} onPress={() => setOpen(true)}>
        {t.reveal}
      </Button>
      <Suspense>
        {open && (
          <ReasonDialog
            ask={{ title: t.revealTitle, reason: 'required', label: t.revealLabel, help: t.revealHelp }}
            action={t.reveal}
            isPending={show.isPending}
            problem={show.error ?? undefined}
            onClose={() => setOpen(false)}
            onGo={(reason) => show.mutate(reason)}
          />
        )}
      </Suspense>
    </>
  )
}
