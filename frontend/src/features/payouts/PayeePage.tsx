import { useSuspenseQuery } from '@tanstack/react-query'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCan } from '../../shared/api/session'
import { optionsOf } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { Card, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { toast } from '../../shared/ui/Toast'
import { type Payee, payeeQuery, savePayee } from './queries'
import { usePayouts } from './words'

export function PayeePage() {
  const { payee: t } = usePayouts()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <Account />
    </RecordPage>
  )
}

function Account() {
  const { payee: t } = usePayouts()
  const can = useCan()
  const payee = useSuspenseQuery(payeeQuery).data
  if (can('payee:write')) return <Form key={payee.version} payee={payee} />
  return (
    <Section sub={t.onlyFinance}>
      <Card>
        {payee.version ? (
          <Facts
            items={[
              { label: t.holder, value: payee.holder },
              { label: t.bank, value: `${payee.bank} ${payee.branch}` },
              { label: t.account, value: <span className="num">{payee.account_number}</span> },
              { label: t.taxpayer, value: t.taxpayers[payee.taxpayer] },
            ]}
          />
        ) : (
          <p className="text-ink-3">{t.empty}</p>
        )}
        <p className="mt-3 text-ink-3 text-small">{t.onlyFinance}</p>
      </Card>
    </Section>
  )
}

function Form({ payee }: { payee: Payee }) {
  const { payee: t } = usePayouts()
  const form = useForm({
    initial: { bank: payee.bank, branch: payee.branch, account_number: payee.account_number, taxpayer: payee.taxpayer },
    draft: 'payee',
    check: () => ({}),
  })
  const write = useWrite({
    run: (body: Payee, { headers }) => savePayee(body, headers),
    touches: ['payee', 'statement', 'home'],
    onDone: () => {
      form.done()
      toast(t.saved)
    },
    onError: form.refuse,
  })
  return (
    <Section>
      {!payee.version && <Banner tone="amber" title={t.empty} />}
      <Card>
        <form
          ref={form.form}
          noValidate
          className="flex max-w-[480px] flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            write.mutate({ ...payee, ...form.values })
          }}
        >
          <div>
            <p className="text-small">{t.holder}</p>
            <p className="font-medium">{payee.holder}</p>
            <p className="text-ink-3 text-small">{t.holderHelp}</p>
          </div>
          <TextField label={t.bank} maxLength={60} {...form.field('bank')} />
          <TextField label={t.branch} maxLength={100} {...form.field('branch')} />
          <TextField label={t.account} description={t.accountHelp} inputMode="numeric" maxLength={40} {...form.field('account_number')} />
          <NativeSelect
            label={t.taxpayer}
            value={form.values.taxpayer}
            onChange={(taxpayer) => form.set({ taxpayer })}
            options={optionsOf(t.taxpayers)}
          />
          {write.error && (
            <p role="alert" className="text-cinnabar text-small">
              {explain(write.error)}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button variant="primary" type="submit" isPending={write.isPending}>
              {t.save}
            </Button>
            {payee.changed_at && (
              <span className="text-ink-3 text-small">{t.changed(payee.changed_by ?? '', formatTime(payee.changed_at))}</span>
            )}
          </div>
        </form>
      </Card>
    </Section>
  )
}
