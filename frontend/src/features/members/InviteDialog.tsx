import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useCommon } from '../../shared/i18n/common'
import { useRefusal } from '../../shared/i18n/permissions'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import { invite } from './queries'
import { RoleFields } from './RoleFields'
import { useMembers } from './words'

/** Invites a mailbox; the link is shown once, here. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useMembers()
  const refusal = useRefusal()
  const common = useCommon()
  const [made, setMade] = useState<{ link: string; email: string }>()
  const form = useForm({
    initial: { email: '', roles: [] as string[], districts: [] as string[] },
    check: (values) => ({
      email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(values.email) ? '' : t.emailBad,
      roles: values.roles.length ? '' : t.pickRole,
    }),
  })
  const send = useWrite({
    run: (body: typeof form.values, { headers }) => invite(body, headers),
    touches: ['member'],
    onDone: ({ link, email }) => {
      if (link) return setMade({ link: new URL(link, location.origin).href, email })
      toast(t.mailed(email))
      onClose()
    },
    onError: form.refuse,
  })
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    toast(t.copied)
  }
  if (made)
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={t.linkTitle}
        footer={
          <>
            <Button onPress={onClose}>{t.done}</Button>
            <Button variant="primary" icon={<Copy size={16} aria-hidden />} onPress={() => copy(made.link)}>
              {t.copy}
            </Button>
          </>
        }
      >
        <p className="mb-3">{t.linkHelp(made.email)}</p>
        <TextField label={t.link} value={made.link} onChange={() => {}} isReadOnly />
      </Dialog>
    )
  const go = () => form.valid() && !send.isPending && send.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.inviteTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={send.isPending} onPress={() => void go()}>
            {t.inviteGo}
          </Button>
        </>
      }
    >
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <TextField label={t.email} description={t.emailHelp} type="email" autoFocus {...form.field('email')} />
        <Part>
          <RoleFields value={form.values} onChange={form.set} error={form.errors.roles} />
        </Part>
        {send.error && !Object.keys(form.errors).length && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal(send.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
