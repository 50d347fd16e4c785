import { useQueryClient } from '@tanstack/react-query'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { checkCreditCode } from '../../shared/lib/creditCode'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { TextArea, TextField } from '../../shared/ui/Field'
import { Section } from '../../shared/ui/Layout'
import { toast } from '../../shared/ui/Toast'
import { ownPartner, type Partner, saveProfile } from './queries'
import { usePartner } from './words'

type Values = Omit<Schemas['PartnerInputBody'], 'version' | '$schema'>

/** The application, while it may be changed. */
export default function ProfileForm({ partner }: { partner: Partner }) {
  const t = usePartner()
  const d = useDomain()
  const client = useQueryClient()
  const need = (text: string) => (text.trim() ? '' : t.missing)
  const form = useForm<Required<Values>>({
    initial: {
      legal_name: partner.legal_name,
      credit_code: partner.credit_code,
      capabilities: partner.capabilities,
      contact_name: partner.contact_name,
      contact_phone: partner.contact_phone,
      contact_email: partner.contact_email,
      address: partner.address,
      profile: partner.profile,
    },
    draft: `partner.${partner.id}.${partner.version}`,
    check: (values) => ({
      legal_name: need(values.legal_name),
      credit_code: checkCreditCode(values.credit_code) === 'ok' ? '' : t.codeBad,
      capabilities: values.capabilities?.length ? '' : t.pickOne,
      contact_name: need(values.contact_name),
      contact_phone: need(values.contact_phone),
      contact_email: need(values.contact_email),
    }),
  })
  const save = useWrite({
    run: async (body: Required<Values>, { headers, overwrite }) => {
      const version = overwrite ? (await client.fetchQuery({ ...ownPartner, staleTime: 0 })).version : partner.version
      return saveProfile(partner.id, { ...body, version }, headers)
    },
    touches: ['partner'],
    onDone: () => {
      form.done()
      toast(t.saved)
    },
    onError: form.refuse,
  })
  return (
    <Section title={t.profile}>
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (form.valid() && !save.isPending) save.mutate(form.values)
        }}
      >
        <div className="grid gap-4 md:grid-cols-2">
          <TextField label={t.fields.legal_name} autoComplete="organization" {...form.field('legal_name')} />
          <TextField label={t.fields.credit_code} maxLength={18} autoComplete="off" {...form.field('credit_code')} />
        </div>
        <CheckboxGroup
          label={t.fields.capabilities}
          options={optionsOf(d.capability)}
          {...(form.field('capabilities') as never as object)}
          value={(form.values.capabilities ?? []) as never[]}
          onChange={form.field('capabilities').onChange as never}
        />
        <div className="grid gap-4 md:grid-cols-3">
          <TextField label={t.fields.contact_name} autoComplete="name" {...form.field('contact_name')} />
          <TextField label={t.fields.contact_phone} type="tel" autoComplete="tel" {...form.field('contact_phone')} />
          <TextField label={t.fields.contact_email} type="email" autoComplete="email" {...form.field('contact_email')} />
        </div>
        <TextField label={t.fields.address} isRequired={false} autoComplete="street-address" {...form.field('address')} />
        <TextArea label={t.fields.profile} isRequired={false} description={t.profileHelp} maxLength={2000} {...form.field('profile')} />
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
        <div>
          <Button type="submit" isPending={save.isPending} isDisabled={!form.dirty}>
            {t.save}
          </Button>
        </div>
      </form>
    </Section>
  )
}
