import { Download } from 'lucide-react'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { toast } from '../../shared/ui/Toast'
import { useSecurity } from './words'

/** The recovery codes, the only time they can be read. */
export function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const t = useSecurity()
  const download = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([`${t.codes.file}\n\n${codes.join('\n')}\n`], { type: 'text/plain' }))
    link.download = 'ecoport-recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'))
    toast(t.codes.copied)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      role="alertdialog"
      title={t.codes.title}
      footer={
        <>
          <Button onPress={copy}>{t.codes.copy}</Button>
          <Button icon={<Download size={16} aria-hidden />} onPress={download}>
            {t.codes.download}
          </Button>
          <Button variant="primary" onPress={onClose}>
            {t.codes.done}
          </Button>
        </>
      }
    >
      <p className="mb-3">{t.codes.why}</p>
      <ul className="num grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-card border border-line bg-sunken p-4 text-ink min-[420px]:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>
            <code className="select-all whitespace-nowrap">{code}</code>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
