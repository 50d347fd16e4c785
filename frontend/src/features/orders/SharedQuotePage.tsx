import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { BadgeCheck, CircleX, Download, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { ApiProblem, explain } from '../../shared/api/problem'
import { Button, buttonClass } from '../../shared/ui/Button'
import { TextArea, TextField } from '../../shared/ui/Field'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { Banner } from '../../shared/ui/Record'
import { ErrorState, Skeleton } from '../../shared/ui/States'
import { Time } from '../../shared/ui/Text'
import { Messages } from './Messages'
import { PriceSum } from './PriceSum'
import { PriceLines } from './PriceView'
import { acceptShared, askShared, type SharedQuote, sharedQuery } from './queries'
import { useShares } from './shares'

/** The customer's page: the quote, a yes, and questions; without a login. */
export function SharedQuotePage() {
  const t = useShares()
  const { token } = useParams({ strict: false }) as { token: string }
  const { data: quote, error, isPending, refetch } = useQuery(sharedQuery(token))
  const gone = error instanceof ApiProblem && error.status === 404
  return (
    <PublicFrame title={quote ? quote.account_name : t.public.title} sub={quote && t.public.sub(quote.seller_name, quote.number)} wide>
      {isPending && <Skeleton rows={6} />}
      {gone && (
        <Banner tone="cinnabar" icon={<CircleX size={18} aria-hidden />} title={t.public.gone}>
          {t.public.goneWhy}
        </Banner>
      )}
      {error && !gone && <ErrorState error={error} onRetry={() => refetch()} />}
      {quote && <Shared token={token} quote={quote} />}
    </PublicFrame>
  )
}

function Shared({ token, quote }: { token: string; quote: SharedQuote }) {
  const t = useShares()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const show = (fresh: SharedQuote) => client.setQueryData(sharedQuery(token).queryKey, fresh)
  const accept = useWrite({ run: (who: string, { headers }) => acceptShared(token, who, headers), onDone: show })
  const ask = useWrite({
    run: (said: { name: string; text: string }, { headers }) => askShared(token, said, headers),
    onDone: (fresh) => {
      show(fresh)
      setText('')
    },
  })
  const accepted = quote.accepted?.revision === quote.form.number
  const over = new Date(quote.form.valid_until) < new Date()
  return (
    <>
      {quote.newer && !accepted && (
        <Banner tone="amber" icon={<RefreshCw size={18} aria-hidden />} title={t.public.newer}>
          {t.public.newerWhy}
        </Banner>
      )}
      {accepted && quote.accepted && (
        <Banner tone="jade" icon={<BadgeCheck size={18} aria-hidden />} title={t.public.accepted(quote.accepted.by)}>
          {quote.ordered ? t.public.ordered : t.public.acceptedWhy}
        </Banner>
      )}
      <Section title={quote.form.solution_name}>
        <PriceLines price={quote.form.price} sum={false} />
        <div className="mt-4 ml-auto max-w-80">
          <PriceSum price={quote.form.price} />
        </div>
      </Section>
      {quote.form.customer_note && <p className="mb-6 whitespace-pre-line text-ink-2">{quote.form.customer_note}</p>}
      <Card className="mb-6">
        <Facts
          items={[
            { label: t.public.from, value: quote.seller_name },
            { label: t.public.validUntil, value: <Time value={quote.form.valid_until} as="date" /> },
            { label: t.public.linkUntil, value: <Time value={quote.expires_at} as="date" /> },
          ]}
        />
        <a href={`/api/shared-quotes/${encodeURIComponent(token)}/quote.pdf`} download className={`${buttonClass()} mt-3`}>
          <Download size={16} aria-hidden />
          {t.pdf}
        </a>
      </Card>
      {quote.messages.length > 0 && (
        <Section title={t.public.questions}>
          <Messages messages={quote.messages} />
        </Section>
      )}
      {!quote.ordered && !over && (
        <div className="flex flex-col gap-4">
          <TextField label={t.public.name} value={name} onChange={setName} maxLength={60} autoComplete="name" />
          {!accepted && !quote.newer && (
            <Button
              variant="primary"
              size="large"
              isDisabled={!name.trim()}
              isPending={accept.isPending}
              onPress={() => accept.mutate(name.trim())}
            >
              {t.public.accept}
            </Button>
          )}
          {accept.error && (
            <p role="alert" className="text-cinnabar text-small">
              {explain(accept.error)}
            </p>
          )}
          <TextArea label={t.public.ask} rows={3} maxLength={1000} value={text} onChange={setText} />
          <Button
            isDisabled={!name.trim() || !text.trim()}
            isPending={ask.isPending}
            onPress={() => ask.mutate({ name: name.trim(), text: text.trim() })}
          >
            {t.public.send}
          </Button>
          {ask.error && (
            <p role="alert" className="text-cinnabar text-small">
              {explain(ask.error)}
            </p>
          )}
        </div>
      )}
    </>
  )
}
