import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useForm } from '../../shared/lib/form'
import { Button, LinkButton } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { resetPassword } from './queries'
import { passwordMin, useEntry } from './words'

export function ResetPage() {
  const t = useEntry()
  const { token } = useParams({ from: '/reset/$token' })
  const [done, setDone] = useState(false)
  const form = useForm({
    initial: { password: '' },
    check: (values) => ({ password: values.password.length >= passwordMin ? '' : t.passwordShort }),
  })
  const save = useWrite({ run: (password: string) => resetPassword(token, password), onDone: () => setDone(true), onError: form.refuse })
  if (done)
    return (
      <PublicFrame title={t.reset.doneTitle} sub={t.reset.done}>
        <LinkButton to="/signin" variant="primary">
          {t.invite.toSignIn}
        </LinkButton>
      </PublicFrame>
    )
  return (
    <PublicFrame title={t.reset.title} sub={t.reset.sub}>
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (form.valid() && !save.isPending) save.mutate(form.values.password)
        }}
      >
        <TextField
          label={t.reset.password}
          type="password"
          autoComplete="new-password"
          description={t.passwordHelp}
          {...form.field('password')}
        />
        {save.error && !save.error.errors.length && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}{' '}
            {save.error.code === 'reset' && (
              <LinkButton to="/forgot" size="small" variant="quiet">
                {t.reset.again}
              </LinkButton>
            )}
          </p>
        )}
        <Button type="submit" variant="primary" size="large" isPending={save.isPending}>
          {t.reset.go}
        </Button>
      </form>
    </PublicFrame>
  )
}
