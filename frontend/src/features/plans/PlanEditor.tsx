import { useQueryClient } from '@tanstack/react-query'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { Plus, Upload } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { TextField } from '../../shared/ui/Field'
import { Section } from '../../shared/ui/Layout'
import { Select } from '../../shared/ui/Select'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { TriggerButton } from '../../shared/ui/TriggerButton'
import { Json, parse } from './Json'
import { editPlan, newPlan, type Plan, type PlanDocument, type PlanRule, planQuery } from './queries'
import { usePlans } from './words'

const RuleForm = lazy(() => import('./RuleForm'))

const blankRule = (n: number): PlanRule => ({
  id: `rule-${n}`,
  note: '',
  match: {},
  basis: { kind: 'activation' },
  formula: { kind: 'rate', ppm: 50_000 },
  hold_days: 30,
})
const blank = (): PlanDocument => ({
  plan: '',
  valid_from: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  currency: 'CNY',
  rules: [blankRule(1)],
})

/** A plan as sentences, each with its form; or as the exchange file. */
export default function PlanEditor({ plan, start }: { plan?: Plan; start?: PlanDocument }) {
  const t = usePlans()
  const common = useCommon()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [doc, setDoc] = useState<PlanDocument>(() => (plan?.document as PlanDocument) ?? start ?? blank())
  const [dirty, setDirty] = useState(!plan)
  const [view, setView] = useState<'rules' | 'json'>('rules')
  const [saved, setSaved] = useState(false)
  const change = (patch: Partial<PlanDocument>) => {
    setDoc({ ...doc, ...patch })
    setDirty(true)
  }
  const save = useWrite({
    run: async (body: PlanDocument, { headers, overwrite }) => {
      if (!plan) return newPlan(body, headers)
      const now = overwrite ? await client.fetchQuery({ ...planQuery(plan.id), staleTime: 0 }) : plan
      return editPlan(plan.id, body, now.version, headers)
    },
    touches: ['plan'],
    onDone: (result) => {
      setDirty(false)
      setSaved(true)
      toast(plan ? t.saved : t.made)
      if (!plan) setTimeout(() => void navigate({ to: `/plans/${result.id}` as string }))
    },
  })
  useBlocker({
    shouldBlockFn: () => !!plan && dirty && !saved && !window.confirm(common.leave),
    enableBeforeUnload: () => !!plan && dirty,
  })
  const read = async (file: File | undefined) => {
    const next = file && parse(await file.text())
    if (!next) return toast(t.badJson, { bad: true })
    change(next)
    toast(t.imported)
  }
  return (
    <div className="max-w-[860px]">
      <Basics doc={doc} onChange={change} fixed={!!plan} />
      <Section
        title={t.rules}
        aside={
          <span className="flex flex-wrap items-center gap-2">
            <FileTrigger acceptedFileTypes={['application/json']} onSelect={(files) => void read([...(files ?? [])][0])}>
              <TriggerButton size="small" variant="quiet" icon={<Upload size={15} aria-hidden />}>
                {t.import}
              </TriggerButton>
            </FileTrigger>
            <SegmentedControl label={t.view} value={view} onChange={setView} items={optionsOf(t.views)} />
          </span>
        }
      >
        {view === 'json' ? (
          <Json key={JSON.stringify(doc)} doc={doc} onChange={change} />
        ) : (
          <Rules plan={plan} doc={doc} onChange={change} />
        )}
      </Section>
      {save.error && (
        <div role="alert" className="mb-4 text-cinnabar text-small">
          <p>{explain(save.error)}</p>
          {save.error.errors.map((error) => (
            <p key={error.field + error.message}>
              {error.field}: {error.message}
            </p>
          ))}
        </div>
      )}
      <div className="flex items-center gap-3">
        <Button
          variant={dirty ? 'primary' : 'secondary'}
          isDisabled={!dirty || !doc.plan.trim() || !doc.rules.length}
          isPending={save.isPending}
          onPress={() => save.mutate(doc)}
        >
          {plan ? t.save : t.make}
        </Button>
        {plan && dirty && (
          <span role="status" className="text-ink-3 text-small">
            {t.unsaved}
          </span>
        )}
      </div>
    </div>
  )
}

type Part = { doc: PlanDocument; onChange: (patch: Partial<PlanDocument>) => void }

function Basics({ doc, onChange, fixed }: Part & { fixed: boolean }) {
  const t = usePlans()
  const d = useDomain()
  const { reference } = useReference()
  return (
    <Section title={t.basics}>
      <div className="grid gap-4 md:grid-cols-2">
        <TextField
          label={t.plan}
          description={t.planHelp}
          isReadOnly={fixed}
          value={doc.plan}
          onChange={(plan) => onChange({ plan })}
          maxLength={60}
        />
        <Select
          label={t.scope}
          value={doc.city ?? 'province'}
          onChange={(city) => onChange({ city: city === 'province' ? undefined : city })}
          options={[{ id: 'province', label: d.province }, ...reference.cities.map((city) => ({ id: city.code, label: city.name }))]}
        />
        <DatePicker label={t.from} value={doc.valid_from} onChange={(day) => day && onChange({ valid_from: day })} />
        <DatePicker
          label={t.to}
          description={t.toHelp}
          isRequired={false}
          value={doc.valid_to ?? null}
          onChange={(day) => onChange({ valid_to: day ?? undefined })}
        />
      </div>
    </Section>
  )
}

function Rules({ plan, doc, onChange }: Part & { plan?: Plan }) {
  const t = usePlans()
  const [open, setOpen] = useState<number | undefined>(plan ? undefined : 0)
  const sentence = (rule: PlanRule) => {
    const index = plan?.document.rules?.findIndex((one) => one.id === rule.id) ?? -1
    const same = index >= 0 && JSON.stringify(plan?.document.rules?.[index]) === JSON.stringify(rule)
    return same ? plan?.sentences[index] : undefined
  }
  const put = (at: number, rule: PlanRule) => onChange({ rules: doc.rules.map((one, index) => (index === at ? rule : one)) })
  return (
    <>
      <ol className="overflow-hidden rounded-card border border-line">
        {doc.rules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the code of a rule is typed in its form, so only its place is steady
          <li key={index} className="border-line not-first:border-t">
            <div className="flex items-start gap-3 px-4 py-3">
              <div className="min-w-0 flex-1">
                <p className="font-medium">{rule.note || rule.id}</p>
                <p className={sentence(rule) ? 'text-ink-2' : 'text-amber text-small'}>{sentence(rule) ?? t.unsavedRule}</p>
              </div>
              <Button size="small" aria-expanded={open === index} onPress={() => setOpen(open === index ? undefined : index)}>
                {open === index ? t.closeRule : t.editRule}
                <span className="sr-only"> {rule.note || rule.id}</span>
              </Button>
            </div>
            <Suspense>
              {open === index && (
                <RuleForm
                  rule={rule}
                  onChange={(next) => put(index, next)}
                  onRemove={() => {
                    setOpen(undefined)
                    onChange({ rules: doc.rules.filter((_, at) => at !== index) })
                  }}
                />
              )}
            </Suspense>
          </li>
        ))}
      </ol>
      <Button
        className="mt-3"
        icon={<Plus size={16} aria-hidden />}
        onPress={() => {
          onChange({ rules: [...doc.rules, blankRule(doc.rules.length + 1)] })
          setOpen(doc.rules.length)
        }}
      >
        {t.addRule}
      </Button>
    </>
  )
}
