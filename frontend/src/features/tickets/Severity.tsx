import { useDomain } from '../../shared/i18n/domain'
import { Tag } from '../../shared/ui/Tag'
import type { TicketRow } from './queries'

const tones = { critical: 'cinnabar', major: 'amber', minor: 'neutral' } as const

export function Severity({ value }: { value: TicketRow['severity'] }) {
  const d = useDomain()
  return <Tag tone={tones[value]}>{d.severity[value]}</Tag>
}
