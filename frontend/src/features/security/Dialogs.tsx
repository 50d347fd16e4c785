import { type ReactNode, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { Codes } from './Codes'
import { beginFactor, changePassword, confirmFactor, raise, removeFactor, renewCodes } from './queries'
import { useSecurity } from './words'

export type Ask = 'setup' | 'renew' | 'off' | 'raise' | 'password'
type Props = { onClose: () => void; onChanged: () => void }

export default function Dialogs({ ask, ...props }: Props & { ask: Ask }) {
  const All = { setup: Setup, renew: Renew, off: Off, raise: Raise, password: Password }
  const One = All[ask]
  return <One {...props} />
}

type Field = 'current' | 'password' | 'code'
type Values = Record<Field, string>
type FormProps = {
  title: string
  action: string
  fields: Field[]
  run: (values: Values) => Promise<unknown>
  onDone: (result: unknown) => void
  onClose: () => void
  children?: ReactNode
  /** A new password is being chosen, not the known one asked. */
  choosing?: boolean
  danger?: boolean
}

/** A few secrets, one button. */
function Secrets({ title, action, fields, run, onDone, onClose, children, choosing, danger }: FormProps) {
  const t = useSecurity()
  const common = useCommon()
  const missing = (values: Values, name: Field) => (fields.includes(name) && !values[name] ? t.missing : '')
  const form = useForm<Values>({
    initial: { current: '', password: '', code: '' },
    check: (values) => ({
      current: missing(values, 'current'),
      password: choosing && values.password.length < 12 ? t.short : missing(values, 'password'),
      code: missing(values, 'code'),
    }),
  })
  const go = useWrite({ run: () => run(form.values), onDone, onError: form.refuse })
  const submit = () => form.valid() && !go.isPending && go.mutate()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant={danger ? 'danger' : 'primary'} isPending={go.isPending} onPress={() => void submit()}>
            {action}
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
        {children}
        {fields.includes('current') && (
          <TextField label={t.current} type="password" autoComplete="current-password" autoFocus {...form.field('current')} />
        )}
        {fields.includes('password') && (
          <TextField
            label={choosing ? t.next : t.current}
            type="password"
            autoComplete={choosing ? 'new-password' : 'current-password'}
            description={choosing ? t.nextHelp : undefined}
            autoFocus={!choosing}
            {...form.field('password')}
          />
        )}
        {fields.includes('code') && (
          <TextField
            label={fields.length > 1 || title === t.raise ? t.code : t.appCode}
            description={fields.length > 1 || title === t.raise ? t.codeHelp : undefined}
            autoComplete="one-time-code"
            autoFocus={fields.length === 1}
            {...form.field('code')}
          />
        )}
        {go.error && !go.error.errors.length && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(go.error)}
          </p>
        )}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}

function Setup({ onClose, onChanged }: Props) {
  const t = useSecurity()
  const [setup, setSetup] = useState<Awaited<ReturnType<typeof beginFactor>>>()
  const [codes, setCodes] = useState<string[]>()
  if (codes) return <Codes codes={codes} onClose={onClose} />
  if (!setup)
    return (
      <Secrets
        title={t.setup.title}
        action={t.setup.next}
        fields={['password']}
        run={({ password }) => beginFactor(password)}
        onDone={(made) => setSetup(made as typeof setup)}
        onClose={onClose}
      >
        <p>{t.setup.who}</p>
      </Secrets>
    )
  return (
    <Secrets
      key="confirm"
      title={t.setup.title}
      action={t.setup.go}
      fields={['code']}
      run={({ code }) => confirmFactor(code)}
      onDone={(made) => {
        setCodes((made as { codes: string[] }).codes)
        onChanged()
      }}
      onClose={onClose}
    >
      <p>{t.setup.scan}</p>
      <img src={setup.picture} alt={t.setup.alt} width={220} height={220} className="self-center rounded-control" />
      <p className="text-small">
        {t.setup.typed}
        <code className="block select-all break-all text-ink" data-secret>
          {setup.secret}
        </code>
      </p>
    </Secrets>
  )
}

function Renew({ onClose, onChanged }: Props) {
  const t = useSecurity()
  const [codes, setCodes] = useState<string[]>()
  if (codes) return <Codes codes={codes} onClose={onClose} />
  return (
    <Secrets
      title={t.renew}
      action={t.renew}
      fields={['password', 'code']}
      run={({ password, code }) => renewCodes(password, code)}
      onDone={(made) => {
        setCodes((made as { codes: string[] }).codes)
        onChanged()
      }}
      onClose={onClose}
    />
  )
}

/** Says it is done, and closes. */
const finish =
  ({ onClose, onChanged }: Props, words: string) =>
  () => {
    toast(words)
    onChanged()
    onClose()
  }

function Off(props: Props) {
  const t = useSecurity()
  return (
    <Secrets
      title={t.off.title}
      action={t.turnOff}
      fields={['password', 'code']}
      danger
      run={({ password, code }) => removeFactor(password, code)}
      onDone={finish(props, t.off.done)}
      onClose={props.onClose}
    >
      <p>{t.off.why}</p>
    </Secrets>
  )
}

function Raise(props: Props) {
  const t = useSecurity()
  return (
    <Secrets
      title={t.raise}
      action={t.raise}
      fields={['code']}
      run={({ code }) => raise(code)}
      onDone={finish(props, t.raised)}
      onClose={props.onClose}
    />
  )
}

function Password(props: Props) {
  const t = useSecurity()
  return (
    <Secrets
      title={t.change}
      action={t.change}
      fields={['current', 'password']}
      choosing
      run={({ current, password }) => changePassword(current, password)}
      onDone={finish(props, t.changed)}
      onClose={props.onClose}
    />
  )
}
