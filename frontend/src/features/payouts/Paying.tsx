import { CircleCheck, CircleDashed, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useCan } from '../../shared/api/session'
import { wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Button, LinkButton } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Money } from '../../shared/ui/Text'
import { usePayouts } from './words'

const InvoiceDialog = lazy(() => import('./InvoiceDialog'))

const tones = { sent: 'accent', accepted: 'jade', returned: 'amber', withdrawn: 'neutral' } as const

/** What a statement needs to be paid, its invoices, and what became of its payouts. */
export default function Paying({ statement }: { statement: Schemas['Statement'] }) {
  const t = usePayouts()
  const can = useCan()
  const [adding, setAdding] = useState(false)
  const left =
    statement.payable_fen -
    statement.invoices.reduce((sum, one) => sum + (one.state === 'sent' || one.state === 'accepted' ? one.amount_fen : 0), 0)
  const open = statement.state === 'issued' || statement.state === 'confirmed'
  return (
    <Section title={t.paying} sub={open ? t.payingSub : undefined}>
      <Card className="flex flex-col gap-4">
        <ul className="flex flex-col gap-2">
          {statement.needs.map((one) => (
            <li key={one.code} className="flex items-center gap-2">
              {one.done ? (
                <CircleCheck size={18} className="text-jade" aria-hidden />
              ) : (
                <CircleDashed size={18} className="text-ink-3" aria-hidden />
              )}
              <span className={one.done ? 'text-ink-3' : undefined}>{one.text}</span>
              {one.code === 'account' && can('payee:write') && (
                <LinkButton size="small" variant="quiet" to={'/payee' as string}>
                  {t.payee.title}
                </LinkButton>
              )}
            </li>
          ))}
        </ul>
        {statement.invoices.length > 0 && (
          <MiniTable
            label={t.invoices}
            head={[t.invoice.number, t.invoice.amount, t.invoice.tax, t.state, '']}
            end={[1, 2, 4]}
            rows={statement.invoices.map((one) => ({
              id: `${one.number} ${one.created_at}`,
              cells: [
                <span key="number">
                  <span className="num font-medium">{one.number}</span>
                  <span className="block text-ink-3 text-small">{`${t.invoice.kinds[one.kind]} · ${one.issued_on}`}</span>
                  {one.file && <FileLine file={one.file} className="mt-2" />}
                </span>,
                <Money key="amount" fen={one.amount_fen} />,
                <Money key="tax" fen={one.tax_fen} />,
                <span key="state">
                  <Tag tone={tones[one.state]}>{wordOf(t.invoice.states, one.state)}</Tag>
                  {one.reason && <span className="block text-ink-3 text-small">{one.reason}</span>}
                </span>,
                <Actions
                  key="acts"
                  resource="statements"
                  id={statement.id}
                  size="small"
                  allowed={
                    one.state !== 'sent'
                      ? []
                      : statement.actions.includes('invoice')
                        ? ['withdraw']
                        : statement.actions.includes('approve')
                          ? ['return']
                          : []
                  }
                  touches={['statement', 'home']}
                  acts={[
                    {
                      id: 'withdraw',
                      path: `invoices/${one.number}/withdraw`,
                      label: t.invoice.withdraw,
                      done: t.invoice.withdrawn,
                      ask: { title: t.invoice.withdrawAsk(one.number) },
                    },
                    {
                      id: 'return',
                      path: `invoices/${one.number}/return`,
                      label: t.invoice.back,
                      done: t.invoice.returned,
                      ask: { title: t.invoice.returnAsk, reason: 'required' },
                    },
                  ]}
                />,
              ],
            }))}
          />
        )}
        {statement.actions.includes('invoice') && left > 0 && (
          <div>
            <Button icon={<Plus size={16} aria-hidden />} onPress={() => setAdding(true)}>
              {t.invoice.add}
            </Button>
          </div>
        )}
        {statement.payouts.length > 0 && (
          <MiniTable
            label={t.payouts}
            head={[t.number, t.account, t.amount, t.result]}
            end={[2]}
            rows={statement.payouts.map((one) => ({
              id: one.id,
              cells: [
                one.number,
                <span key="account">
                  <span className="num">{one.account_number}</span>
                  <span className="block text-ink-3 text-small">{one.bank}</span>
                </span>,
                <Money key="amount" fen={one.amount_fen} />,
                <span key="result">
                  <State of="payout" value={one.state} />
                  {(one.reason || one.reference) && <span className="block text-ink-3 text-small">{one.reason || one.reference}</span>}
                </span>,
              ],
            }))}
          />
        )}
        {statement.actions.includes('approve') && (
          <Actions
            resource="statements"
            id={statement.id}
            allowed={statement.actions}
            primary={statement.needs.every((one) => one.done) ? ['approve'] : []}
            touches={['statement', 'period', 'payout', 'home']}
            acts={[{ id: 'approve', label: t.approve, done: t.approved }]}
          />
        )}
      </Card>
      <Suspense>{adding && <InvoiceDialog statement={statement.id} leftFen={left} onClose={() => setAdding(false)} />}</Suspense>
    </Section>
  )
}
