import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Checkbox, CheckboxGroup } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { saveWebhook, type Webhook } from './queries'
import { Secret } from './Secret'
import { useWebhooks } from './words'

export default function WebhookDialog({ hook, topics, onClose }: { hook?: Webhook; topics: string[]; onClose: () => void }) {
  const t = useWebhooks()
  const common = useCommon()
  const [secret, setSecret] = useState<string>()
  const form = useForm({
    initial: { address: hook?.address ?? '', topics: hook?.topics ?? ([] as string[]), active: hook ? hook.state !== 'disabled' : true },
    check: (values) => ({ address: values.address.trim() ? '' : t.missing, topics: values.topics.length ? '' : t.pick }),
  })
  const save = useWrite({
    run: (body: typeof form.values, { headers }) => saveWebhook(hook?.id, { ...body, version: hook?.version }, headers),
    touches: ['webhook'],
    onDone: (made) => {
      if (made.secret) return setSecret(made.secret)
      toast(t.saved)
      onClose()
    },
    onError: form.refuse,
  })
  if (secret) return <Secret secret={secret} onClose={onClose} />
  const submit = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="medium"
      title={hook ? t.edit : t.add}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => void submit()}>
            {t.save}
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
          submit()
        }}
      >
        <TextField label={t.address} description={t.addressHelp} type="url" autoFocus {...form.field('address')} />
        <CheckboxGroup
          label={t.topics}
          options={topics.map((id) => ({ id, label: t.topicNames[id] ?? id }))}
          className="[&>div]:grid [&>div]:grid-cols-2 sm:[&>div]:grid-cols-3"
          {...form.field('topics')}
        />
        {hook && (
          <Checkbox isSelected={form.values.active} onChange={(active) => form.set({ active })}>
            {t.active}
          </Checkbox>
        )}
        {save.error && !save.error.errors.length && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
