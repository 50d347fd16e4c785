import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explain } from '../../shared/api/problem'
import { useCommon, useRoleName } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { Tag } from '../../shared/ui/Tag'
import { explainQuery } from './accessQueries'
import { useAccess } from './accessWords'
import { Steps } from './Steps'

/** For one person: each of their seats, and whether it leads to the customer. */
export default function ExplainDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useAccess()
  const common = useCommon()
  const role = useRoleName()
  const [email, setEmail] = useState('')
  const [asked, setAsked] = useState('')
  const [bad, setBad] = useState(false)
  const answer = useQuery({ ...explainQuery(id, asked), enabled: !!asked })
  const go = () => {
    const valid = /^[^\s@]+@[^\s@]+$/.test(email.trim())
    setBad(!valid)
    if (valid) setAsked(email.trim())
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.askTitle}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.close}</Button>
          <Button variant="primary" isPending={answer.isFetching} onPress={go}>
            {t.askGo}
          </Button>
        </>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <TextField
          label={t.askEmail}
          description={t.askHelp}
          type="email"
          autoFocus
          value={email}
          onChange={setEmail}
          error={bad ? t.askEmailBad : undefined}
        />
      </form>
      {answer.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(answer.error)}
        </p>
      )}
      <div aria-live="polite" className="mt-4 flex flex-col gap-3">
        {answer.data?.items.map((path) => (
          <section
            key={`${path.tenant}/${path.on_behalf ?? ''}`}
            className="rounded-card border border-line p-3"
            aria-label={t.steps(path.who)}
          >
            <p className="mb-2 flex flex-wrap items-center gap-2">
              <span className="font-medium text-ink">
                {path.who} · {path.tenant}
              </span>
              <Tag tone={path.sees ? 'jade' : 'cinnabar'}>{path.sees ? t.sees : t.seesNot}</Tag>
              <span className="text-ink-3 text-small">{path.roles.map(role).join(' · ')}</span>
            </p>
            <Steps steps={path.steps} />
          </section>
        ))}
        {answer.data?.items.length === 0 && (
          <section className="rounded-card border border-line p-3" aria-label={t.nobody}>
            <p className="font-medium text-ink">{t.nobody}</p>
            <p className="mt-1 mb-2 text-ink-3 text-small">{t.nobodyWhy}</p>
            <Steps steps={answer.data.missing} />
          </section>
        )}
      </div>
    </Dialog>
  )
}
