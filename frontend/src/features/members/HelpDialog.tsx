import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useRefusal } from '../../shared/i18n/permissions'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { dropFactor, type Member, resetLink } from './queries'
import { useMembers } from './words'

/** For a forgotten password or a lost phone. */
export default function HelpDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useMembers()
  const refusal = useRefusal()
  const [link, setLink] = useState('')
  const make = useWrite({ run: () => resetLink(member.id), onDone: ({ url }) => setLink(new URL(url, location.origin).href) })
  const drop = useWrite({
    run: () => dropFactor(member.id),
    onDone: () => {
      toast(t.help.factorDone(member.name))
      onClose()
    },
  })
  const refused = make.error ?? drop.error
  const copy = async () => {
    await navigator.clipboard.writeText(link)
    toast(t.copied)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.help.title(member.name)}
      footer={
        link ? (
          <>
            <Button onPress={onClose}>{t.done}</Button>
            <Button variant="primary" icon={<Copy size={16} aria-hidden />} onPress={copy}>
              {t.copy}
            </Button>
          </>
        ) : (
          <>
            <Button isPending={drop.isPending} onPress={() => drop.mutate()}>
              {t.help.factor}
            </Button>
            <Button variant="primary" isPending={make.isPending} onPress={() => make.mutate()}>
              {t.help.link}
            </Button>
          </>
        )
      }
    >
      <p className="mb-3">{link ? t.help.linkHelp(member.name) : t.help.why}</p>
      {link && <TextField label={t.help.linkLabel} value={link} onChange={() => {}} isReadOnly />}
      {refused && (
        <p role="alert" className="text-cinnabar text-small">
          {refusal(refused)}
        </p>
      )}
    </Dialog>
  )
}
