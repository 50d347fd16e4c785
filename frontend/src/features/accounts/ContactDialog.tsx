import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { type Contact, dropContact, saveContact } from './queries'
import { useAccounts } from './words'

export default function ContactDialog({ account, contact, onClose }: { account: string; contact?: Contact; onClose: () => void }) {
  const t = useAccounts()
  const common = useCommon()
  const form = useForm({
    initial: {
      layer: contact?.layer ?? ('contact' as Contact['layer']),
      name: contact?.name ?? '',
      post: contact?.post ?? '',
      phone: contact?.phone ?? '',
      email: contact?.email ?? '',
      note: contact?.note ?? '',
    },
    check: (values) => ({ name: values.name.trim() ? '' : t.form.missing }),
  })
  const end = (text: string) => () => {
    onClose()
    toast(text)
  }
  const save = useWrite({
    run: (_: undefined, { headers }) => saveContact(account, contact?.id, { ...form.values, version: contact?.version }, headers),
    touches: ['account'],
    onDone: end(t.personSaved),
    onError: form.refuse,
  })
  const drop = useWrite({
    run: (_: undefined, { headers }) => dropContact(account, contact?.id ?? '', headers),
    touches: ['account'],
    onDone: end(t.personGone),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={contact ? t.editPerson : t.addPerson}
      size="medium"
      footer={
        <>
          {contact && (
            <Button variant="danger" className="mr-auto" isPending={drop.isPending} onPress={() => drop.mutate(undefined)}>
              {t.remove}
            </Button>
          )}
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => form.valid() && save.mutate(undefined)}>
            {common.save}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="grid gap-4 md:grid-cols-2" onSubmit={(event) => event.preventDefault()}>
        <Select label={t.layer} options={optionsOf(t.layers)} {...form.field('layer')} />
        <TextField label={t.personName} {...form.field('name')} />
        <TextField label={t.post} isRequired={false} {...form.field('post')} />
        <TextField label={t.contactPhone} isRequired={false} type="tel" {...form.field('phone')} />
        <TextField label={t.contactEmail} isRequired={false} type="email" {...form.field('email')} />
        <TextField label={t.note} isRequired={false} {...form.field('note')} />
      </form>
      {save.error && !save.error.errors.length && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
    </Dialog>
  )
}
