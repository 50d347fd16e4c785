import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { ApiProblem, explain } from '../../shared/api/problem'
import { useRoleName } from '../../shared/i18n/common'
import { useEnter } from '../../shared/lib/enter'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { toast } from '../../shared/ui/Toast'
import { demoLogins, depart, signIn, signInWays } from './queries'
import { isEmail, useEntry } from './words'

export function SignInPage() {
  const t = useEntry()
  const back = useSearch({ from: '/signin' }).return
  const demo = useQuery(demoLogins).data?.items ?? []
  const enter = useEnter()
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState(false)
  const form = useForm({
    initial: { email: '', password: '', code: '' },
    check: (values) => ({
      email: isEmail(values.email) ? '' : t.emailBad,
      password: values.password ? '' : t.register.missing,
      code: !asked || values.code ? '' : t.register.missing,
    }),
  })

  const go = async (email: string, password: string, code?: string) => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await signIn(email, password, code)
      await enter(back)
    } catch (error) {
      const why = error instanceof ApiProblem ? error.code : ''
      if (why === 'second-factor') {
        form.set({ email, password, code: '' })
        setAsked(true)
      } else setRefusal(why === 'sign-in' ? t.signIn.wrong : explain(error))
      setBusy(false)
    }
  }
  const again = () => {
    setAsked(false)
    setRefusal(undefined)
    form.set({ password: '', code: '' })
  }

  return (
    <PublicFrame
      title={asked ? t.signIn.codeTitle : t.signIn.title}
      sub={asked ? t.signIn.codeSub : t.signIn.sub}
      aside={!asked && demo.length > 0 && <DemoList items={demo} onPick={go} isBusy={busy} />}
    >
      {back && back !== '/' && <p className="mb-4 rounded-control bg-accent-soft px-3 py-2 text-accent-text text-small">{t.signIn.kept}</p>}
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (form.valid() && !busy) void go(form.values.email, form.values.password, form.values.code)
        }}
      >
        {asked ? (
          <TextField label={t.signIn.code} description={t.signIn.codeHelp} autoComplete="one-time-code" autoFocus {...form.field('code')} />
        ) : (
          <>
            <TextField label={t.signIn.email} type="email" autoComplete="username" {...form.field('email')} />
            <Providers email={form.values.email} back={back} />
            <TextField label={t.signIn.password} type="password" autoComplete="current-password" {...form.field('password')} />
          </>
        )}
        {refusal && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal}
          </p>
        )}
        <Button type="submit" variant="primary" size="large" isPending={busy}>
          {asked ? t.signIn.codeGo : t.signIn.go}
        </Button>
      </form>
      <p className="mt-6 flex flex-wrap items-center justify-between gap-x-4 text-ink-3 text-small">
        {asked ? (
          <Button variant="quiet" size="small" className="-ml-2.5" onPress={again}>
            {t.signIn.back}
          </Button>
        ) : (
          <>
            <span>
              {t.signIn.newPartner}{' '}
              <Link to="/register" className={link}>
                {t.signIn.register}
              </Link>
            </span>
            <Link to="/forgot" className={link}>
              {t.signIn.forgot}
            </Link>
          </>
        )}
      </p>
    </PublicFrame>
  )
}

const link = 'hit focus-ring inline-flex items-center rounded-check text-accent-text underline-offset-4 hover:underline'

/** The sign-in services of the domain that has been typed. */
function Providers({ email, back }: { email: string; back?: string }) {
  const t = useEntry()
  const domain = isEmail(email) ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : ''
  const ways = useQuery(signInWays(useDeferredValue(domain))).data?.items ?? []
  if (!domain || !ways.length) return null
  const leave = async (id: string) => {
    try {
      location.assign((await depart(id, back)).address)
    } catch (error) {
      toast(explain(error), { bad: true })
    }
  }
  return (
    <div className="flex flex-col gap-2">
      {ways.map((way) => (
        <Button key={way.id} size="large" className="!h-auto min-h-10 !whitespace-normal py-2" onPress={() => leave(way.id)}>
          {t.signIn.provider(way.tenant_name, way.name)}
        </Button>
      ))}
      <p className="text-center text-ink-3 text-meta">{t.signIn.or}</p>
    </div>
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
