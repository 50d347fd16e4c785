import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCan, useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { checkCreditCode } from '../../shared/lib/creditCode'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Switch } from '../../shared/ui/Choice'
import { NumberField, TextField } from '../../shared/ui/Field'
import { Section } from '../../shared/ui/Layout'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { type Account, type AccountEdit, accountQuery, editAccount, membersQuery, newAccount } from './queries'
import { useAccounts } from './words'

type Values = Required<Omit<AccountEdit, 'version'>>
const numbers = ['staff_size', 'employees', 'machines', 'customers', 'suppliers', 'informatisation'] as const

function start(account: Account | undefined): Values {
  const { id: _, ...old } = account ?? ({ id: '' } as Partial<Account>)
  return {
    name: old.name ?? '',
    credit_code: old.credit_code ?? '',
    kind: old.kind ?? 'enterprise',
    tier: old.tier ?? 'C',
    industry: old.industry ?? '',
    district_code: old.district_code ?? '',
    owner_id: old.owner_id ?? '',
    existing: old.existing ?? false,
    informatisation: old.informatisation ?? 0,
    staff_size: old.staff_size ?? 0,
    employees: old.employees ?? 0,
    machines: old.machines ?? 0,
    customers: old.customers ?? 0,
    suppliers: old.suppliers ?? 0,
    address: old.address ?? '',
    contact_name: old.contact_name ?? '',
    contact_phone: old.contact_phone ?? '',
    contact_email: old.contact_email ?? '',
    demand: (old.demand ?? '') as Values['demand'],
  }
}

export function AccountForm({ account }: { account?: Account }) {
  const t = useAccounts()
  const f = t.form
  const common = useCommon()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm<Values>({
    initial: start(account),
    draft: `account.${account?.id ?? 'new'}`,
    check: (values) => ({
      name: values.name.trim().length > 1 ? '' : f.missing,
      credit_code: checkCreditCode(values.credit_code) === 'ok' ? '' : f.codeBad,
      industry: values.industry ? '' : f.pick,
      district_code: values.district_code ? '' : f.pick,
    }),
  })
  const save = useWrite({
    run: async (body: Values, { headers, overwrite }) => {
      const { owner_id, ...rest } = body
      const sent = owner_id ? body : rest
      if (!account) return newAccount({ ...sent, version: 0 }, headers)
      const now = overwrite ? await client.fetchQuery({ ...accountQuery(account.id), staleTime: 0 }) : account
      return editAccount(account.id, { ...sent, version: now.version }, headers)
    },
    touches: ['account'],
    onDone: (result) => {
      form.done()
      toast(account ? f.saved : f.created)
      void navigate({ to: `/accounts/${result.id}` as string })
    },
    onError: form.refuse,
  })
  return (
    <form
      ref={form.form}
      noValidate
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault()
        if (form.valid() && !save.isPending) save.mutate(form.values)
      }}
    >
      <Basics form={form} />
      <Section title={t.emcp} sub={t.emcpSub}>
        <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
          {numbers.map((field) => (
            <NumberField
              key={field}
              label={field === 'staff_size' ? t.staff : t[field]}
              minValue={0}
              maxValue={field === 'informatisation' ? 5 : undefined}
              value={form.values[field]}
              onChange={(value) => form.set({ [field]: value ?? 0 })}
              error={form.errors[field]}
            />
          ))}
        </div>
      </Section>
      <Section title={t.contact} sub={account?.masked.length ? f.keepMasked : undefined}>
        <div className="grid gap-4 md:grid-cols-3">
          <TextField label={t.contactName} isRequired={false} {...form.field('contact_name')} />
          <TextField label={t.contactPhone} isRequired={false} type="tel" {...form.field('contact_phone')} />
          <TextField label={t.contactEmail} isRequired={false} type="email" {...form.field('contact_email')} />
        </div>
        <TextField className="mt-4" label={t.address} isRequired={false} {...form.field('address')} />
      </Section>
      {save.error && (
        <p role="alert" className="mb-4 text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" isPending={save.isPending}>
          {account ? f.save : f.create}
        </Button>
        <Button onPress={() => void navigate({ to: (account ? `/accounts/${account.id}` : '/accounts') as string })}>
          {common.cancel}
        </Button>
      </div>
    </form>
  )
}

function Basics({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  const t = useAccounts()
  const f = t.form
  const d = useDomain()
  const can = useCan()
  const { membership } = useMe()
  const { reference, options } = useReference()
  const members = useQuery({ ...membersQuery, enabled: can('member:read') })
  const city = reference.cities.find((one) => one.code === membership.tenant_code)
  const districts = city ? city.districts : reference.cities.flatMap((one) => one.districts)
  return (
    <Section title={t.basics}>
      <div className="grid gap-4 md:grid-cols-2">
        <TextField label={f.name} {...form.field('name')} />
        <TextField
          label={f.code}
          maxLength={18}
          autoComplete="off"
          {...form.field('credit_code')}
          onChange={(code) => form.set({ credit_code: code.toUpperCase().replace(/\s/g, '') })}
        />
        <Select label={f.kind} options={optionsOf(d.accountKind)} {...form.field('kind')} />
        <Select
          label={f.tier}
          options={(['A1', 'A2', 'B1', 'B2', 'C'] as const).map((id) => ({ id, label: id }))}
          {...form.field('tier')}
        />
        <Select label={f.industry} options={options(reference.industries)} {...form.field('industry')} />
        <Select label={f.district} options={districts.map((one) => ({ id: one.code, label: one.name }))} {...form.field('district_code')} />
        <Select
          label={t.demand}
          isRequired={false}
          value={form.values.demand || 'none'}
          onChange={(id) => form.set({ demand: (id === 'none' ? '' : id) as Values['demand'] })}
          options={[{ id: 'none', label: t.unknown }, ...optionsOf(t.demands)]}
        />
        {members.data && (
          <Select
            label={f.owner}
            value={form.values.owner_id || 'nobody'}
            onChange={(id) => form.set({ owner_id: id === 'nobody' ? '' : id })}
            options={[
              { id: 'nobody', label: f.nobody },
              ...members.data.items
                .filter((one) => one.roles.includes('account_manager'))
                .map((one) => ({ id: one.id, label: one.name, description: one.email })),
            ]}
          />
        )}
        <Switch isSelected={form.values.existing} onChange={(existing) => form.set({ existing })} className="md:mt-6">
          {f.existing}
        </Switch>
      </div>
    </Section>
  )
}
