import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useForm } from '../../shared/lib/form'
import { Button, LinkButton } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { forgot, generalWays } from './queries'
import { isEmail, useEntry } from './words'

export function ForgotPage() {
  const t = useEntry()
  const ways = useQuery(generalWays).data
  const [sent, setSent] = useState('')
  const form = useForm({ initial: { email: '' }, check: (values) => ({ email: isEmail(values.email) ? '' : t.emailBad }) })
  const ask = useWrite({ run: (email: string) => forgot(email), onDone: (_, email) => setSent(email) })
  const toSignIn = <LinkButton to="/signin">{t.forgot.toSignIn}</LinkButton>
  if (ways && !ways.reset_by_mail)
    return (
      <PublicFrame title={t.forgot.noMailTitle} sub={t.forgot.noMail}>
        {toSignIn}
      </PublicFrame>
    )
  if (sent)
    return (
      <PublicFrame title={t.forgot.sentTitle} sub={t.forgot.sent(sent)}>
        {toSignIn}
      </PublicFrame>
    )
  return (
    <PublicFrame title={t.forgot.title} sub={t.forgot.sub}>
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (form.valid() && !ask.isPending) ask.mutate(form.values.email)
        }}
      >
        <TextField label={t.signIn.email} type="email" autoComplete="username" autoFocus {...form.field('email')} />
        {ask.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(ask.error)}
          </p>
        )}
        <Button type="submit" variant="primary" size="large" isPending={ask.isPending}>
          {t.forgot.go}
        </Button>
      </form>
    </PublicFrame>
  )
}
