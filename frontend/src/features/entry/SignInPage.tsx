import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { ApiProblem, explain } from '../../shared/api/problem'
import { useRoleName } from '../../shared/i18n/common'
import { useEnter } from '../../shared/lib/enter'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { demoLogins, signIn } from './queries'
import { isEmail, useEntry } from './words'

export function SignInPage() {
  const t = useEntry()
  const back = useSearch({ from: '/signin' }).return
  const demo = useQuery(demoLogins).data?.items ?? []
  const enter = useEnter()
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  const form = useForm({
    initial: { email: '', password: '' },
    check: (values) => ({ email: isEmail(values.email) ? '' : t.emailBad, password: values.password ? '' : t.register.missing }),
  })

  const go = async (email: string, password: string) => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await signIn(email, password)
      await enter(back)
    } catch (error) {
      setRefusal(error instanceof ApiProblem && error.status === 401 ? t.signIn.wrong : explain(error))
      setBusy(false)
    }
  }

  return (
    <PublicFrame title={t.signIn.title} sub={t.signIn.sub} aside={demo.length > 0 && <DemoList items={demo} onPick={go} isBusy={busy} />}>
      {back && back !== '/' && <p className="mb-4 rounded-control bg-accent-soft px-3 py-2 text-accent-text text-small">{t.signIn.kept}</p>}
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (form.valid() && !busy) void go(form.values.email, form.values.password)
        }}
      >
        <TextField label={t.signIn.email} type="email" autoComplete="username" {...form.field('email')} />
        <TextField label={t.signIn.password} type="password" autoComplete="current-password" {...form.field('password')} />
        {refusal && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal}
          </p>
        )}
        <Button type="submit" variant="primary" size="large" isPending={busy}>
          {t.signIn.go}
        </Button>
      </form>
      <p className="mt-6 text-ink-3 text-small">
        {t.signIn.newPartner}{' '}
        <Link
          to="/register"
          className="hit focus-ring inline-flex items-center rounded-check text-accent-text underline-offset-4 hover:underline"
        >
          {t.signIn.register}
        </Link>
      </p>
    </PublicFrame>
  )
}

function DemoList({
  items,
  onPick,
  isBusy,
}: {
  items: Schemas['DemoLogin'][]
  onPick: (email: string, password: string) => void
  isBusy: boolean
}) {
  const t = useEntry()
  const roleName = useRoleName()
  return (
    <section>
      <h2 className="font-semibold text-section">{t.signIn.demo}</h2>
      <p className="mb-3 text-ink-3 text-small">{t.signIn.demoSub}</p>
      <ul className="max-h-[52dvh] divide-y divide-line overflow-auto rounded-card border border-line bg-sheet">
        {items.map((item) => (
          <li key={item.email}>
            <button
              type="button"
              disabled={isBusy}
              onClick={() => onPick(item.email, item.password)}
              className="hit focus-ring flex w-full items-center gap-3 px-3.5 py-2 text-left focus-visible:-outline-offset-2 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate">
                  {roleName(item.role)} <span className="text-ink-3">{item.name}</span>
                </span>
                <span className="block truncate text-ink-3 text-meta">{item.tenant_name}</span>
              </span>
              <ChevronRight size={16} className="shrink-0 text-ink-3" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
