import { Dialog } from 'react-aria-components'
import { Popover } from '../shared/ui/Popover'
import type { MenuProps } from './Switchers'
import { useShell } from './words'

export default function BellPopover({ trigger, onClose }: MenuProps) {
  const t = useShell()
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom end" className="w-80">
      <Dialog aria-label={t.bell} className="p-4 outline-none">
        <p className="font-medium">{t.bellEmpty}</p>
        <p className="text-ink-3 text-small">{t.bellTeaches}</p>
      </Dialog>
    </Popover>
  )
}
