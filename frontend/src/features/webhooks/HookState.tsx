import { Ban, CircleAlert, CircleCheck } from 'lucide-react'
import { Tag } from '../../shared/ui/Tag'
import type { Webhook } from './queries'
import { useWebhooks } from './words'

const looks = {
  active: { tone: 'jade', icon: CircleCheck },
  warned: { tone: 'amber', icon: CircleAlert },
  disabled: { tone: 'neutral', icon: Ban },
} as const

export function HookState({ state }: { state: Webhook['state'] }) {
  const t = useWebhooks()
  return <Tag {...looks[state]}>{t.states[state]}</Tag>
}
