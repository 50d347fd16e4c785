import type { RefObject } from 'react'
import { Dialog } from 'react-aria-components'
import { type Facet, FacetList } from './FacetList'
import { Popover } from './Popover'

type Props = {
  facet: Facet
  onChange: (value: string[]) => void
  trigger: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

export default function FacetPanel({ facet, onChange, trigger, onClose }: Props) {
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom start" className="p-3">
      <Dialog aria-label={facet.label} className="outline-none">
        <FacetList facet={facet} onChange={onChange} />
      </Dialog>
    </Popover>
  )
}
