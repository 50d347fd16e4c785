import { Copy } from 'lucide-react'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { useWebhooks } from './words'

/** The secret, the only time it can be read. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useWebhooks()
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    toast(t.copied)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      role="alertdialog"
      title={t.secret}
      footer={
        <>
          <Button icon={<Copy size={16} aria-hidden />} onPress={copy}>
            {t.copy}
          </Button>
          <Button variant="primary" onPress={onClose}>
            {t.done}
          </Button>
        </>
      }
    >
      <p className="mb-3">{t.secretWhy}</p>
      <TextField label={t.secret} hideLabel value={secret} onChange={() => {}} isReadOnly />
    </Dialog>
  )
}
