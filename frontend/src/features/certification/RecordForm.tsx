import { useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { TextArea, TextField } from '../../shared/ui/Field'
import { Part } from '../../shared/ui/Part'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { EvidenceDrop } from './EvidenceDrop'
import { useParts } from './partsWords'
import { recordCheck, type StageCheck } from './queries'

const spellings: Record<string, string> = { '％': '%', 毫秒: 'ms', 秒: 's', 分钟: 'min', 分: 'min', 小时: 'h' }

/** All of a number with the unit of the threshold, as the server reads it; it has the last word. */
function numberIn(measured: string, unit: string): number | undefined {
  const number = measured.trim().match(/^[-+]?\d+(\.\d+)?(e[-+]?\d{1,3})?/i)?.[0]
  const value = Number(number)
  if (number === undefined || !Number.isFinite(value)) return undefined
  const rest = measured.trim().slice(number.length).trim()
  if (!unit) return /[\d０-９]|^[,.万千]/.test(rest) ? undefined : value
  if (!rest) return value
  const spelt = Object.entries(spellings).find(([word, means]) => means === unit && rest.startsWith(word))?.[0]
  const after = spelt ? rest.slice(spelt.length) : rest.toLowerCase().startsWith(unit.toLowerCase()) ? rest.slice(unit.length) : undefined
  return after === undefined || /^[\da-z/]/i.test(after) ? undefined : value
}

/** What the threshold says of a measured value; nothing without either. */
function judge(check: StageCheck, measured: string): 'pass' | 'fail' | undefined {
  const value = numberIn(measured, check.unit ?? '')
  if (!check.comparison || check.limit == null || value === undefined) return undefined
  const met = { '<=': value <= check.limit, '>=': value >= check.limit, '=': value === check.limit }[check.comparison]
  return met ? 'pass' : 'fail'
}

/** The result of one check, in its row. */
export default function RecordForm({ certification, check, onClose }: { certification: string; check: StageCheck; onClose: () => void }) {
  const t = useParts()
  const common = useCommon()
  const [value, setValue] = useState({
    result: (check.result === 'open' ? 'pass' : check.result) as Schemas['CheckResult']['result'],
    environment: check.runs.at(-1)?.environment ?? '',
    measured: check.measured ?? '',
    note: check.note ?? '',
  })
  const [evidence, setEvidence] = useState<string[]>(check.evidence.map((file) => file.id))
  const save = useWrite({
    run: (body: Schemas['CheckResult'], { headers }) => recordCheck(certification, check.id, body, headers),
    touches: ['certification'],
    onDone: () => {
      toast(t.check.saved)
      onClose()
    },
  })
  const set = (patch: Partial<typeof value>) => setValue((old) => ({ ...old, ...patch }))
  const judged = judge(check, value.measured)
  const needsWhy =
    value.result === 'transient' || (!!judged && (value.result === 'pass' || value.result === 'fail') && value.result !== judged)
  return (
    <form
      noValidate
      className="mt-3 flex flex-col gap-3 rounded-card bg-sunken p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!save.isPending) save.mutate({ ...value, evidence })
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <SegmentedControl
          label={t.check.result}
          value={value.result}
          onChange={(result) => set({ result })}
          items={(['pass', 'fail', 'not_applicable', 'transient', 'open'] as const).map((id) => ({ id, label: t.result[id] }))}
        />
        <TextField
          className="max-w-52 flex-1"
          label={t.check.measured}
          isRequired={false}
          value={value.measured}
          onChange={(measured) => set({ measured, ...(judge(check, measured) && { result: judge(check, measured) }) })}
          error={save.error?.errors?.find((one) => one.field === 'measured')?.message}
          maxLength={100}
          autoFocus
          suffix={check.threshold}
        />
      </div>
      <TextField
        label={t.check.environment}
        isRequired={false}
        value={value.environment}
        onChange={(environment) => set({ environment })}
        maxLength={200}
      />
      {judged && <p className={judged === 'pass' ? 'text-jade text-small' : 'text-cinnabar text-small'}>{t.judged[judged]}</p>}
      <TextArea
        label={needsWhy ? t.check.noteWhy : t.check.note}
        isRequired={needsWhy}
        rows={2}
        value={value.note}
        onChange={(note) => set({ note })}
        maxLength={2000}
      />
      <Part>
        <EvidenceDrop onFile={(id) => setEvidence((old) => [...old, id])} />
      </Part>
      {save.error && (
        <p role="alert" className="text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" isPending={save.isPending}>
          {t.check.save}
        </Button>
        <Button onPress={onClose}>{common.cancel}</Button>
      </div>
    </form>
  )
}
