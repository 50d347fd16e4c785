import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { TextArea, TextField } from '../../shared/ui/Field'
import { Card, Section } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { useTestPlans } from './planWords'
import { editTestPlan, type PlanCheck, type PlanStage, type TestPlan } from './queries'

const signs = ['', '<=', '>=', '='] as const

/** The draft as a form: stages with their budgets, checks with their thresholds. */
export default function TestPlanEditor({ plan }: { plan: TestPlan }) {
  const t = useTestPlans()
  const [stages, setStages] = useState(plan.stages)
  const [note, setNote] = useState(plan.note ?? '')
  const total = stages.reduce((sum, stage) => sum + stage.budget_days, 0)
  const save = useWrite({
    run: (body: Parameters<typeof editTestPlan>[1], { headers }) => editTestPlan(plan.id, body, headers),
    touches: ['certification_plan'],
    onDone: () => toast(t.saved),
  })
  const setStage = (kind: string, patch: Partial<PlanStage>) =>
    setStages((old) => old.map((stage) => (stage.kind === kind ? { ...stage, ...patch } : stage)))
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!save.isPending) save.mutate({ stages, note, version: plan.version })
      }}
    >
      {stages.map((stage) => (
        <StageForm key={stage.kind} stage={stage} onChange={(patch) => setStage(stage.kind, patch)} />
      ))}
      <Section title={t.note}>
        <TextArea label={t.note} hideLabel rows={2} value={note} onChange={setNote} maxLength={2000} description={t.noteHelp} />
      </Section>
      <p className={total > 30 ? 'mb-3 text-cinnabar' : 'mb-3 text-ink-2'}>{t.total(total)}</p>
      {save.error && (
        <p role="alert" className="mb-3 text-cinnabar text-small">
          {explain(save.error)} {save.error.errors?.map((one) => one.message).join(' ')}
        </p>
      )}
      <Button type="submit" variant="primary" isPending={save.isPending}>
        {t.save}
      </Button>
    </form>
  )
}

function StageForm({ stage, onChange }: { stage: PlanStage; onChange: (patch: Partial<PlanStage>) => void }) {
  const t = useTestPlans()
  const d = useDomain()
  const setCheck = (index: number, patch: Partial<PlanCheck>) =>
    onChange({ checks: stage.checks.map((check, at) => (at === index ? { ...check, ...patch } : check)) })
  const fresh = (): PlanCheck => ({ code: `check_${Date.now().toString(36)}`, zh: '', en: '', machine: false, mandatory: true })
  return (
    <Section
      title={d.certificationStage[stage.kind]}
      aside={<span className="text-ink-3 text-small">{t.roles[stage.role || 'machine']}</span>}
    >
      <Card>
        <div className="flex flex-wrap items-end gap-4">
          <TextField
            label={t.columns.budget}
            className="w-32"
            value={String(stage.budget_days)}
            onChange={(text) => onChange({ budget_days: Number(text) || 0 })}
            inputMode="decimal"
          />
          <Checkbox isSelected={stage.managed} onChange={(managed) => onChange({ managed })}>
            {t.managed}
          </Checkbox>
          <Checkbox isSelected={stage.integrated} onChange={(integrated) => onChange({ integrated })}>
            {t.integrated}
          </Checkbox>
        </div>
        <ul className="mt-4 flex flex-col gap-4">
          {stage.checks.map((check, index) => (
            <li key={check.code} className="border-line border-t pt-4">
              <CheckForm check={check} onChange={(patch) => setCheck(index, patch)} />
              {stage.checks.length > 1 && (
                <Button
                  size="small"
                  variant="quiet"
                  className="mt-2"
                  icon={<Trash2 size={14} aria-hidden />}
                  onPress={() => onChange({ checks: stage.checks.filter((_, at) => at !== index) })}
                >
                  {t.removeCheck}
                  <span className="sr-only"> {check.zh}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
        {stage.role !== 'machine' && (
          <Button
            size="small"
            className="mt-4"
            icon={<Plus size={14} aria-hidden />}
            onPress={() => onChange({ checks: [...stage.checks, fresh()] })}
          >
            {t.addCheck}
          </Button>
        )}
      </Card>
    </Section>
  )
}

function CheckForm({ check, onChange }: { check: PlanCheck; onChange: (patch: Partial<PlanCheck>) => void }) {
  const t = useTestPlans()
  const sign = (check.comparison ?? '') as (typeof signs)[number]
  return (
    <div className="flex flex-wrap items-end gap-3">
      <TextField label={t.zh} className="min-w-40 flex-1" value={check.zh} onChange={(zh) => onChange({ zh })} maxLength={60} />
      <TextField label={t.en} className="min-w-40 flex-1" value={check.en} onChange={(en) => onChange({ en })} maxLength={80} />
      {!check.machine && (
        <>
          <NativeSelect
            label={t.threshold}
            className="w-28"
            options={signs.map((id) => ({ id, label: t.signs[id] }))}
            value={sign}
            onChange={(comparison) =>
              onChange(comparison ? { comparison, limit: check.limit ?? 0 } : { comparison: undefined, limit: undefined, unit: undefined })
            }
          />
          {sign && (
            <>
              <TextField
                label={t.limit}
                className="w-24"
                value={String(check.limit ?? '')}
                onChange={(text) => onChange({ limit: Number(text) || 0 })}
                inputMode="decimal"
              />
              <TextField
                label={t.unit}
                isRequired={false}
                className="w-24"
                value={check.unit ?? ''}
                onChange={(unit) => onChange({ unit })}
                maxLength={20}
              />
            </>
          )}
        </>
      )}
      <Checkbox isSelected={check.mandatory} onChange={(mandatory) => onChange({ mandatory })}>
        {t.mandatory}
      </Checkbox>
    </div>
  )
}
