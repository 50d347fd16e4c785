import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { NavLinks } from './NavLinks'
import { TenantButton, UserButton } from './Switchers'
import { useShell } from './words'

/** Everything of the sidebar, on a phone. */
export default function Drawer({ onClose }: { onClose: () => void }) {
  const t = useShell()
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="fixed inset-0 z-40 bg-scrim">
      <Modal className="h-full w-[292px] max-w-[84vw] animate-in bg-canvas">
        <Dialog aria-label={t.navigation} className="flex h-full flex-col gap-4 px-2.5 py-3 outline-none">
          <TenantButton />
          <div className="min-h-0 flex-1 overflow-auto">
            <NavLinks onGo={onClose} />
          </div>
          <UserButton />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
