import { ChevronDown } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useRequests } from '../i18n/requests'
import type { AskKind } from './AskDialog'
import { MenuButton } from './Menu'
import { TriggerButton } from './TriggerButton'

const AskDialog = lazy(() => import('./AskDialog'))
export const askKinds: AskKind[] = ['question', 'opinion', 'hand_over']

type Props = { resource: 'certifications' | 'listings'; id: string; partner: string }

/** Whom to ask before deciding. */
export default function AskMenu(props: Props) {
  const t = useRequests()
  const [kind, setKind] = useState<AskKind>()
  return (
    <>
      <MenuButton
        label={t.menu}
        trigger={<TriggerButton icon={<ChevronDown size={16} aria-hidden />}>{t.menu}</TriggerButton>}
        groups={[{ id: 'ask', entries: askKinds.map((one) => ({ id: one, label: t.ask[one].act, onAction: () => setKind(one) })) }]}
      />
      <Suspense>{kind && <AskDialog {...props} kind={kind} onClose={() => setKind(undefined)} />}</Suspense>
    </>
  )
}
