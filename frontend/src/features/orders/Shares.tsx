import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { formatFen } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { NumberField, TextArea, TextField } from '../../shared/ui/Field'
import { Card, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { toast } from '../../shared/ui/Toast'
import { Messages } from './Messages'
import { answerShare, type Quote, revokeShare, shareQuote } from './queries'
import { useShares } from './shares'

/** Links for the customer: made, seen how often, taken back; and what the customer asks through them. */
export default function Shares({ quote }: { quote: Quote }) {
  const t = useShares()
  const [days, setDays] = useState(14)
  const [link, setLink] = useState('')
  const [text, setText] = useState('')
  const share = useWrite({
    run: (wanted: number, { headers }) => shareQuote(quote.id, wanted, headers),
    touches: ['quote'],
    onDone: (made) => {
      setLink(made.link ?? '')
      void navigator.clipboard?.writeText(made.link ?? '').then(() => toast(t.copied))
    },
  })
  const revoke = useWrite({
    run: (id: string, { headers }) => revokeShare(quote.id, id, headers),
    touches: ['quote'],
    onDone: () => toast(t.revoked),
  })
  const last = quote.messages.findLast((one) => one.customer)
  const answer = useWrite({
    run: (said: { share: string; text: string }, { headers }) => answerShare(quote.id, said.share, said.text, headers),
    touches: ['quote'],
    onDone: () => {
      setText('')
      toast(t.answered)
    },
  })
  const now = new Date()
  const mayShare = quote.actions.includes('share')
  return (
    <>
      {quote.messages.length > 0 && (
        <Section title={t.messages}>
          <Messages messages={quote.messages} />
          {last && quote.actions.includes('edit') && (
            <div className="mt-3 flex flex-col items-start gap-2">
              <TextArea className="w-full" label={t.answer} rows={2} maxLength={1000} value={text} onChange={setText} />
              <Button
                isDisabled={!text.trim()}
                isPending={answer.isPending}
                onPress={() => answer.mutate({ share: last.share_id, text: text.trim() })}
              >
                {t.send}
              </Button>
              {answer.error && (
                <p role="alert" className="text-cinnabar text-small">
                  {explain(answer.error)}
                </p>
              )}
            </div>
          )}
        </Section>
      )}
      {(mayShare || quote.shares.length > 0) && (
        <Section title={t.title} sub={t.sub}>
          {mayShare && (
            <Card className="mb-3">
              <div className="flex flex-wrap items-end gap-3">
                <NumberField
                  className="w-32"
                  label={t.days}
                  suffix={t.day}
                  minValue={1}
                  maxValue={180}
                  value={days}
                  onChange={(n) => setDays(n ?? 1)}
                />
                <Button icon={<Link2 size={16} aria-hidden />} isPending={share.isPending} onPress={() => share.mutate(days)}>
                  {t.make}
                </Button>
              </div>
              {link && (
                <div className="mt-3">
                  <TextField label={t.link} description={t.once} value={link} onChange={() => undefined} isReadOnly />
                </div>
              )}
              {share.error && (
                <p role="alert" className="mt-2 text-cinnabar text-small">
                  {explain(share.error)}
                </p>
              )}
            </Card>
          )}
          {quote.shares.length > 0 && (
            <MiniTable
              label={t.title}
              head={[t.form, t.made, t.until, t.seen, '']}
              rows={quote.shares.map((one) => {
                const live = !one.revoked_at && new Date(one.expires_at) > now
                return {
                  id: one.id,
                  cells: [
                    t.number(one.revision),
                    `${one.by_name} · ${formatTime(one.created_at)}`,
                    one.revoked_at ? t.off : live ? formatTime(one.expires_at, 'date') : t.over,
                    one.opens ? t.opens(one.opens, formatTime(one.opened_at ?? one.created_at)) : t.never,
                    live && mayShare ? (
                      <Button key="revoke" size="small" onPress={() => revoke.mutate(one.id)}>
                        {t.revoke}
                      </Button>
                    ) : (
                      ''
                    ),
                  ],
                }
              })}
            />
          )}
        </Section>
      )}
      {quote.revisions.length > 1 && <Forms quote={quote} />}
    </>
  )
}

/** What changed from one form of the quote to the next, newest first. */
function Forms({ quote }: { quote: Quote }) {
  const t = useShares()
  const money = (fen: number) => formatFen(fen)
  return (
    <Section title={t.forms}>
      <MiniTable
        label={t.forms}
        head={[t.form, t.made, t.changed, t.total]}
        end={[3]}
        rows={quote.revisions.map((one, at) => {
          const before = quote.revisions[at + 1]
          const changes: string[] = []
          if (before) {
            for (const line of one.price.lines) {
              const old = before.price.lines.find((other) => other.name === line.name)
              if (!old) changes.push(t.added(line.name, line.quantity))
              else if (old.quantity !== line.quantity) changes.push(t.counts(line.name, old.quantity, line.quantity))
              else if (old.amount_fen !== line.amount_fen) changes.push(t.priced(line.name, money(old.amount_fen), money(line.amount_fen)))
            }
            for (const old of before.price.lines)
              if (!one.price.lines.some((line) => line.name === old.name)) changes.push(t.removed(old.name))
            if (before.price.term_months !== one.price.term_months) changes.push(t.term(before.price.term_months, one.price.term_months))
            if (before.customer_note !== one.customer_note) changes.push(t.note)
            if (!changes.length) changes.push(t.nothing)
          }
          const delta = before ? one.price.total_fen - before.price.total_fen : 0
          return {
            id: String(one.number),
            cells: [
              `${t.number(one.number)}${quote.accepted?.revision === one.number ? ` · ${t.taken}` : ''}`,
              `${one.by_name} · ${formatTime(one.at)}`,
              changes.join(t.comma) || t.first,
              <span key="total" className="num">
                {money(one.price.total_fen)}
                {delta !== 0 && <span className="block text-ink-3 text-small">{`${delta > 0 ? '+' : ''}${money(delta)}`}</span>}
              </span>,
            ],
          }
        })}
      />
    </Section>
  )
}
