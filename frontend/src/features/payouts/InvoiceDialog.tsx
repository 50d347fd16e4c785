import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { useFileUploads } from '../../shared/lib/files'
import { formatFen } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { MoneyField } from '../../shared/ui/MoneyField'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import { addInvoice, type Invoice } from './queries'
import { usePayouts } from './words'

const rates = ['60000', '30000', '10000', '0', '90000', '130000'] as const
const taxOf = (fen: number, ppm: number) => Math.round((fen * ppm) / (1_000_000 + ppm))
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** What is left to invoice is filled in; the tax follows from amount and rate until it is typed. */
export default function InvoiceDialog({ statement, leftFen, onClose }: { statement: string; leftFen: number; onClose: () => void }) {
  const { invoice: t } = usePayouts()
  const common = useCommon()
  const [value, setValue] = useState<Invoice>(() => ({
    number: '',
    kind: 'special',
    issued_on: today(),
    amount_fen: leftFen,
    rate_ppm: 60_000,
    tax_fen: taxOf(leftFen, 60_000),
  }))
  const set = (patch: Partial<Invoice>) =>
    setValue((old) => {
      const next = { ...old, ...patch }
      return 'tax_fen' in patch || 'number' in patch ? next : { ...next, tax_fen: taxOf(next.amount_fen, next.rate_ppm) }
    })
  const write = useWrite({
    run: (body: Invoice, { headers }) => addInvoice(statement, body, headers),
    touches: ['statement', 'home'],
    onDone: () => {
      onClose()
      toast(t.saved)
    },
  })
  const errors = write.error?.byField ?? {}
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!value.number.trim()} isPending={write.isPending} onPress={() => write.mutate(value)}>
            {t.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          label={t.number}
          description={t.numberHelp}
          inputMode="numeric"
          maxLength={20}
          autoFocus
          value={value.number}
          onChange={(number) => set({ number })}
          error={errors.number}
        />
        <div className="grid gap-4 md:grid-cols-2">
          <NativeSelect label={t.kind} value={value.kind} onChange={(kind) => set({ kind })} options={optionsOf(t.kinds)} />
          <DatePicker
            label={t.issued}
            value={value.issued_on}
            onChange={(day) => day && set({ issued_on: day })}
            error={errors.issued_on}
          />
          <MoneyField
            label={t.amount}
            value={value.amount_fen}
            onChange={(fen) => set({ amount_fen: fen ?? 0 })}
            error={errors.amount_fen}
          />
          <NativeSelect
            label={t.rate}
            value={String(value.rate_ppm)}
            onChange={(ppm) => set({ rate_ppm: Number(ppm) })}
            options={rates.map((id) => ({ id: id as string, label: `${Number(id) / 10_000}%` }))}
          />
          <MoneyField
            key={`${value.amount_fen} ${value.rate_ppm}`}
            label={t.tax}
            description={t.taxHelp(formatFen(taxOf(value.amount_fen, value.rate_ppm)))}
            value={value.tax_fen}
            onChange={(fen) => set({ tax_fen: fen ?? 0 })}
            error={errors.tax_fen}
          />
        </div>
        <Part>
          <Sheet onFile={(file_id) => setValue((old) => ({ ...old, file_id }))} />
        </Part>
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Sheet({ onFile }: { onFile: (id: string) => void }) {
  const { invoice: t } = usePayouts()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'invoice')
  const queue = useFileUploads('invoice', async (file) => onFile(file.id))
  return (
    <div>
      <p className="mb-1.5 text-ink text-small">{t.file}</p>
      <FileDrop queue={queue} what={t.fileHelp} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
    </div>
  )
}
