import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { Button, IconButton } from './Button'
import { TextField } from './Field'

type DialogProps = {
  isOpen: boolean
  onClose: () => void
  title: string
  children?: ReactNode
  /** The buttons, the next step last. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large'
  role?: 'dialog' | 'alertdialog'
}

const widths = { small: 'md:max-w-[440px]', medium: 'md:max-w-[600px]', large: 'md:max-w-[880px]' }

/** A sheet from below on a phone. */
export function Dialog({ isOpen, onClose, title, children, footer, size = 'small', role }: DialogProps) {
  const t = useCommon()
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role !== 'alertdialog'}
      className="fixed inset-0 z-40 flex items-end justify-center bg-scrim md:items-center md:p-6"
    >
      <Modal
        className={cx(
          'max-h-[92dvh] w-full overflow-hidden rounded-t-sheet bg-raised shadow-pop data-entering:animate-in md:rounded-sheet',
          widths[size],
        )}
      >
        <AriaDialog role={role} className="flex max-h-[92dvh] flex-col outline-none">
          <header className="flex items-start gap-4 px-5 pt-5 pb-3">
            <Heading slot="title" className="flex-1 font-semibold text-section">
              {title}
            </Heading>
            <IconButton label={t.close} size="small" icon={<X size={18} aria-hidden />} onPress={onClose} className="-mt-0.5 -mr-1.5" />
          </header>
          <div className="min-h-0 overflow-auto px-5 pb-5 text-ink-2">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3.5">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

type ConfirmProps = Omit<DialogProps, 'footer' | 'role' | 'size'> & {
  /** Verb and object: 下架方案. */
  action: string
  onConfirm: () => unknown
  isDanger?: boolean
  /** The word to type first; only for taking off sale and voiding. */
  typed?: string
}

export function ConfirmDialog({ action, onConfirm, isDanger, typed, children, ...props }: ConfirmProps) {
  const t = useCommon()
  const [text, setText] = useState('')
  return (
    <Dialog
      {...props}
      role="alertdialog"
      footer={
        <>
          <Button onPress={props.onClose}>{t.cancel}</Button>
          <Button variant={isDanger ? 'danger' : 'primary'} isDisabled={!!typed && text.trim() !== typed} onPress={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {typed && <TextField className="mt-4" label={t.confirmType(typed)} value={text} onChange={setText} autoComplete="off" />}
    </Dialog>
  )
}
