import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, data, type Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { ApiProblem, explain } from '../../shared/api/problem'
import { useRoleName } from '../../shared/i18n/common'
import { useEnter } from '../../shared/lib/enter'
import { useForm } from '../../shared/lib/form'
import { Button, LinkButton } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { Facts } from '../../shared/ui/Layout'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { ErrorState, Skeleton } from '../../shared/ui/States'
import { invitation } from './queries'
import { passwordMin, useEntry } from './words'

export function InvitePage() {
  const t = useEntry()
  const { token } = useParams({ from: '/invite/$token' })
  const { data: invite, error, refetch } = useQuery(invitation(token))
  const gone = error instanceof ApiProblem && (error.status === 404 || error.status === 410)
  if (gone)
    return (
      <PublicFrame title={t.invite.bad} sub={t.invite.badWhy}>
        <LinkButton to="/signin">{t.invite.toSignIn}</LinkButton>
      </PublicFrame>
    )
  return (
    <PublicFrame title={t.invite.title} sub={invite && t.invite.sub(invite.tenant_name)}>
      {error ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : invite ? (
        <AcceptForm token={token} invite={invite} />
      ) : (
        <Skeleton rows={4} className="h-10" />
      )}
    </PublicFrame>
  )
}

function AcceptForm({ token, invite }: { token: string; invite: Schemas['InvitationOffer'] }) {
  const { email, roles, known_user: known } = invite
  const t = useEntry()
  const roleName = useRoleName()
  const enter = useEnter()
  const [asked, setAsked] = useState(false)
  const form = useForm({
    initial: { name: '', password: '', code: '' },
    check: (values) => ({
      name: known || values.name.trim() ? '' : t.nameMissing,
      password: known ? (values.password ? '' : t.register.missing) : values.password.length >= passwordMin ? '' : t.passwordShort,
    }),
  })
  const accept = useWrite({
    run: async (body: { name: string; password: string; code: string }, { headers }) => {
      await data(
        api.POST('/api/invitations/accept', {
          body: { token, password: body.password, name: known ? undefined : body.name, code: body.code || undefined },
          headers,
        }),
      )
      await enter('/')
    },
    onError: (error) => (error.code === 'second-factor' ? setAsked(true) : form.refuse(error)),
  })
  return (
    <form
      ref={form.form}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (form.valid() && !accept.isPending) accept.mutate(form.values)
      }}
    >
      <Facts
        items={[
          { label: t.invite.email, value: email },
          { label: t.invite.roles, value: roles.map(roleName).join(' · ') },
        ]}
      />
      {!known && <TextField label={t.invite.name} autoComplete="name" {...form.field('name')} />}
      <TextField
        label={known ? t.invite.yourPassword : t.invite.password}
        type="password"
        autoComplete={known ? 'current-password' : 'new-password'}
        description={known ? undefined : t.passwordHelp}
        {...form.field('password')}
      />
      {asked && (
        <TextField label={t.signIn.code} description={t.signIn.codeHelp} autoComplete="one-time-code" autoFocus {...form.field('code')} />
      )}
      {accept.error && accept.error.code !== 'second-factor' && !accept.error.errors.length && (
        <p role="alert" className="text-cinnabar text-small">
          {explain(accept.error)}
        </p>
      )}
      <Button type="submit" variant="primary" size="large" isPending={accept.isPending}>
        {t.invite.go}
      </Button>
    </form>
  )
}
