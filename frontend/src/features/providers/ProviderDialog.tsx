import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { type Provider, saveProvider } from './queries'
import { useProviders } from './words'

export default function ProviderDialog({ provider, onClose }: { provider?: Provider; onClose: () => void }) {
  const t = useProviders()
  const common = useCommon()
  const form = useForm({
    initial: {
      name: provider?.name ?? '',
      issuer: provider?.issuer ?? '',
      client_id: provider?.client_id ?? '',
      client_secret: '',
      domains: provider?.domains.join(' ') ?? '',
      vouches: provider?.vouches ?? false,
      active: provider?.active ?? true,
    },
    check: (values) => ({
      name: values.name.trim() ? '' : t.missing,
      issuer: values.issuer.trim() ? '' : t.missing,
      client_id: values.client_id.trim() ? '' : t.missing,
      client_secret: values.client_secret || provider ? '' : t.missing,
      domains: values.domains.trim() ? '' : t.missing,
    }),
  })
  const save = useWrite({
    run: ({ client_secret, domains, ...body }: typeof form.values, { headers }) =>
      saveProvider(
        provider?.id,
        {
          ...body,
          client_secret: client_secret || undefined,
          domains: domains.split(/[\s,，、]+/).filter(Boolean),
          version: provider?.version,
        },
        headers,
      ),
    touches: ['provider'],
    onDone: () => {
      toast(t.saved)
      onClose()
    },
    onError: form.refuse,
  })
  const submit = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="medium"
      title={provider ? t.editTitle : t.add}
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
        <TextField label={t.name} description={t.nameHelp} autoFocus {...form.field('name')} />
        <TextField label={t.domains} description={t.domainsHelp} {...form.field('domains')} />
        <TextField label={t.issuer} description={t.issuerHelp} type="url" isReadOnly={!!provider} {...form.field('issuer')} />
        <TextField label={t.clientId} autoComplete="off" {...form.field('client_id')} />
        <TextField
          label={t.secret}
          type="password"
          autoComplete="off"
          description={provider ? t.secretKept : undefined}
          {...form.field('client_secret')}
        />
        <div className="flex flex-col">
          <Checkbox
            className="items-start [&>span:first-child]:mt-[3px]"
            isSelected={form.values.vouches}
            onChange={(vouches) => form.set({ vouches })}
          >
            <span>
              {t.vouches}
              <span className="block text-ink-3 text-small">{t.vouchesHelp}</span>
            </span>
          </Checkbox>
          <Checkbox isSelected={form.values.active} onChange={(active) => form.set({ active })}>
            {t.active}
          </Checkbox>
        </div>
        {save.error && !save.error.errors.length && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
