import { useState } from 'react'
import { api, data } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { checkCreditCode } from '../../shared/lib/creditCode'
import { useEnter } from '../../shared/lib/enter'
import { useForm } from '../../shared/lib/form'
import { Button, LinkButton } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { TextField } from '../../shared/ui/Field'
import { type Step, Stepper } from '../../shared/ui/Progress'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { isEmail, passwordMin, useEntry } from './words'

const blank = {
  legal_name: '',
  credit_code: '',
  capabilities: [] as string[],
  contact_name: '',
  contact_phone: '',
  contact_email: '',
  admin_name: '',
  admin_email: '',
  admin_password: '',
}
type Values = typeof blank

const stages = [
  { id: 'company', fields: ['legal_name', 'credit_code', 'capabilities'] },
  { id: 'contact', fields: ['contact_name', 'contact_phone', 'contact_email'] },
  { id: 'admin', fields: ['admin_name', 'admin_email', 'admin_password'] },
] as const

const stageOf = (field: string) => stages.findIndex((stage) => (stage.fields as readonly string[]).includes(field))

export function RegisterPage() {
  const t = useEntry()
  const common = useCommon()
  const enter = useEnter()
  const words = t.register
  const [at, setAt] = useState(0)
  const stage = stages[at] ?? stages[0]
  const last = at === stages.length - 1
  const need = (text: string) => (text.trim() ? '' : words.missing)
  const codeError = (code: string) =>
    ({ ok: '', short: words.codeLeft(18 - code.length), character: words.codeChar, check: words.codeCheck })[checkCreditCode(code)]
  const form = useForm<Values>({
    initial: blank,
    draft: 'register',
    secret: ['admin_password'],
    check: (values) => ({
      legal_name: need(values.legal_name),
      credit_code: codeError(values.credit_code),
      capabilities: values.capabilities.length ? '' : words.pickOne,
      contact_name: need(values.contact_name),
      contact_phone: /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(values.contact_phone.replace(/\s/g, '')) ? '' : words.phoneBad,
      contact_email: isEmail(values.contact_email) ? '' : t.emailBad,
      admin_name: need(values.admin_name),
      admin_email: isEmail(values.admin_email) ? '' : t.emailBad,
      admin_password: values.admin_password.length >= passwordMin ? '' : t.passwordShort,
    }),
  })
  const send = useWrite({
    run: (body: Values, { headers }) => data(api.POST('/api/partners/register', { body, headers })),
    onDone: form.done,
    onError: (problem) => {
      const first = Math.min(...problem.errors.map((error) => stageOf(error.field)).filter((index) => index >= 0))
      if (Number.isFinite(first)) setAt(first)
      form.refuse(problem)
    },
  })

  if (send.isSuccess)
    return (
      <PublicFrame title={words.doneTitle} sub={words.doneBody}>
        <Button variant="primary" onPress={() => enter('/')}>
          {words.doneGo}
        </Button>
      </PublicFrame>
    )

  const steps: Step[] = stages.map(({ id }, index) => ({
    id,
    label: words.steps[id],
    state: index < at ? 'done' : index === at ? 'current' : 'todo',
  }))
  return (
    <PublicFrame title={words.title} sub={words.sub} wide>
      <Stepper steps={steps} label={words.progress} />
      <form
        ref={form.form}
        noValidate
        className="mt-6 flex max-w-[520px] flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!form.valid([...stage.fields]) || send.isPending) return
          if (last) send.mutate(form.values)
          else setAt(at + 1)
        }}
      >
        {stage.id === 'company' && <CompanyFields form={form} codeError={codeError} />}
        {stage.id === 'contact' && (
          <>
            <TextField label={words.contactName} autoComplete="name" {...form.field('contact_name')} />
            <TextField label={words.contactPhone} type="tel" autoComplete="tel" {...form.field('contact_phone')} />
            <TextField label={words.contactEmail} type="email" autoComplete="email" {...form.field('contact_email')} />
          </>
        )}
        {stage.id === 'admin' && (
          <>
            <TextField label={words.adminName} autoComplete="name" {...form.field('admin_name')} />
            <TextField
              label={words.adminEmail}
              type="email"
              autoComplete="email"
              description={words.adminEmailHelp}
              {...form.field('admin_email')}
            />
            <TextField
              label={words.adminPassword}
              type="password"
              autoComplete="new-password"
              description={t.passwordHelp}
              {...form.field('admin_password')}
            />
          </>
        )}
        {send.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(send.error)}
          </p>
        )}
        <div className="mt-2 flex flex-wrap gap-2">
          <Button type="submit" variant="primary" isPending={send.isPending}>
            {last ? words.go : common.next}
          </Button>
          {at > 0 && <Button onPress={() => setAt(at - 1)}>{common.previous}</Button>}
          {at === 0 && (
            <LinkButton to="/signin" variant="quiet">
              {t.invite.toSignIn}
            </LinkButton>
          )}
        </div>
      </form>
    </PublicFrame>
  )
}

type Form = ReturnType<typeof useForm<Values>>

function CompanyFields({ form, codeError }: { form: Form; codeError: (code: string) => string }) {
  const t = useEntry()
  const words = t.register
  const code = form.field('credit_code')
  const state = checkCreditCode(code.value)
  // While it is being typed only what is already certainly wrong is an error.
  const live = state === 'short' ? undefined : codeError(code.value) || undefined
  return (
    <>
      <TextField label={words.company} autoComplete="organization" description={words.companyHelp} {...form.field('legal_name')} />
      <TextField
        label={words.code}
        autoComplete="off"
        maxLength={18}
        {...code}
        onChange={(value) => code.onChange(value.toUpperCase().replace(/\s/g, ''))}
        error={code.error ?? live}
        suffix={state === 'ok' ? <span className="text-jade">{words.codeOk}</span> : <span className="num">{code.value.length}/18</span>}
        description={words.codeHelp}
      />
      <CheckboxGroup
        label={words.capabilities}
        {...form.field('capabilities')}
        options={Object.entries(t.capability).map(([id, text]) => ({ id, ...text }))}
      />
    </>
  )
}
