import { useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { lazy } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf, useDomain, wordOf } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { CompletenessRail } from '../../shared/ui/CompletenessRail'
import { TextArea, TextField } from '../../shared/ui/Field'
import { Columns, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { type Draft, drafts, Elements } from './Elements'
import { Files } from './Files'
import { editVersion, type MenuRules as MenuRulesValue, type Version, versionQuery } from './queries'
import { useSolutions } from './words'

const MenuFile = lazy(() => import('./MenuFile'))
const MenuRules = lazy(() => import('./MenuRules'))
const Outlook = lazy(() => import('./Outlook'))

type Values = {
  semver: string
  description: string
  notes: string
  integration: Version['integration']
  trial_url: string
  trial_hours: string
  trial_notes: string
  elements: Draft[]
  menu: MenuRulesValue
}

/** The draft and, beside it, what submission still asks for. */
export default function VersionEditor({ version }: { version: Version }) {
  const t = useSolutions()
  const common = useCommon()
  const d = useDomain()
  const e = t.editor
  const client = useQueryClient()
  const form = useForm<Values>({
    initial: {
      semver: version.semver,
      description: version.description,
      notes: version.notes,
      integration: version.integration,
      trial_url: version.trial_url ?? '',
      trial_hours: version.trial_hours ? String(version.trial_hours) : '',
      trial_notes: version.trial_notes ?? '',
      elements: drafts(version.elements),
      menu: version.menu,
    },
    draft: `version.${version.id}.${version.version}`,
    check: (values) => ({ semver: /^\d+\.\d+\.\d+$/.test(values.semver) ? '' : t.semverBad }),
  })
  const save = useWrite({
    run: async ({ elements, trial_hours, ...body }: Values, { headers, overwrite }) => {
      const now = overwrite ? await client.fetchQuery({ ...versionQuery(version.id), staleTime: 0 }) : version
      const kept = elements.map(({ key: _, ...element }) => element)
      return editVersion(version.id, { ...body, trial_hours: Number(trial_hours) || 0, elements: kept, version: now.version }, headers)
    },
    touches: ['version', 'solution'],
    onDone: () => {
      form.done()
      toast(e.saved)
    },
    onError: form.refuse,
  })
  useBlocker({ shouldBlockFn: () => form.dirty && !window.confirm(common.leave), enableBeforeUnload: () => form.dirty })
  const missing = version.needs.filter((need) => !need.done)
  const submittable = version.actions.includes('submit') && missing.length === 0 && !form.dirty
  const go = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Columns
      aside={
        <div className="lg:sticky lg:top-6">
          <CompletenessRail
            title={e.rail}
            items={version.needs.map((need) => ({
              id: need.code,
              label: wordOf(t.needs, need.code),
              state: need.done ? 'ready' : 'missing',
              href: need.code === 'partner_active' ? '/partner' : `#${need.anchor || need.code}`,
            }))}
          >
            {submittable ? (
              <Actions
                resource="versions"
                id={version.id}
                allowed={version.actions}
                acts={[{ id: 'submit', label: e.submit, done: e.submitted }]}
                primary={['submit']}
                touches={['version', 'solution', 'home', 'certification']}
              />
            ) : (
              <Button isDisabled aria-describedby="submit-why">
                {e.submit}
              </Button>
            )}
            <Button
              variant={form.dirty && !submittable ? 'primary' : 'secondary'}
              isPending={save.isPending}
              isDisabled={!form.dirty}
              onPress={() => void go()}
            >
              {e.save}
            </Button>
            <p id="submit-why" className="text-ink-3 text-small" role="status">
              {form.dirty ? `${e.unsaved} · ${e.saveFirst}` : missing.length ? e.submitFirst(missing.length) : e.promise}
            </p>
          </CompletenessRail>
          {version.actions.includes('edit') && version.state === 'draft' && (
            <Part>
              <Outlook version={version.id} />
            </Part>
          )}
        </div>
      }
    >
      <form
        ref={form.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <Section title={e.basics}>
          <div className="flex flex-col gap-4">
            <div className="grid gap-4 md:grid-cols-2">
              <div id="semver" className="scroll-mt-16">
                <TextField label={t.semver} description={t.semverHelp} {...form.field('semver')} />
              </div>
              <Select label={e.integration} options={optionsOf(d.integration)} {...form.field('integration')} />
            </div>
            <div id="description" className="scroll-mt-16">
              <TextArea label={e.description} description={e.descriptionHelp} rows={7} maxLength={5000} {...form.field('description')} />
            </div>
            <div id="notes" className="scroll-mt-16">
              <TextArea label={e.notes} description={e.notesHelp} rows={4} maxLength={2000} {...form.field('notes')} />
            </div>
          </div>
        </Section>
        <Section title={e.trial} sub={e.trialSub}>
          <div className="flex flex-col gap-4">
            <div className="grid gap-4 md:grid-cols-2">
              <TextField label={e.trialUrl} description={e.trialUrlHelp} maxLength={500} {...form.field('trial_url')} />
              <TextField label={e.trialHours} placeholder="72" inputMode="numeric" {...form.field('trial_hours')} />
            </div>
            <TextArea label={e.trialNotes} description={e.trialNotesHelp} rows={2} maxLength={1000} {...form.field('trial_notes')} />
          </div>
        </Section>
        <Section title={e.elements} sub={e.elementsSub}>
          <div className="mb-3">
            <Part skeleton={null}>
              <MenuFile
                version={version.id}
                name={`${version.solution_name} ${version.semver}`}
                elements={form.values.elements.map(({ key: _, ...element }) => element)}
                menu={form.values.menu}
                onTake={(read) => form.set({ elements: drafts(read.elements), menu: read.menu })}
              />
            </Part>
          </div>
          <Elements
            value={form.values.elements}
            onChange={(elements) => form.set({ elements, menu: followed(form.values.menu, form.values.elements, elements) })}
            errors={form.errors}
          />
        </Section>
        <Section title={t.menu.title} sub={t.menu.sub}>
          <Part skeleton={null}>
            <MenuRules
              names={form.values.elements.map((one) => one.name)}
              value={form.values.menu}
              onChange={(menu) => form.set({ menu })}
              errors={form.errors}
            />
          </Part>
        </Section>
        {save.error && (
          <p role="alert" className="mb-6 text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
      <Files version={version} editable />
    </Columns>
  )
}

/** Rules know elements by name: they follow a new name, and let go of what was removed. */
function followed(menu: MenuRulesValue, before: Draft[], after: Draft[]): MenuRulesValue {
  const names = new Map(before.map((one) => [one.name, after.find((other) => other.key === one.key)?.name]))
  const now = (name: string) => (names.has(name) ? names.get(name) : name)
  const all = (list: string[]) => list.map(now).filter((name): name is string => name !== undefined)
  return {
    groups: menu.groups
      .map((one) => ({ ...one, elements: all(one.elements) }))
      .filter((one, at) => one.elements.length || !menu.groups[at]?.elements.length),
    rules: menu.rules
      .filter((one) => now(one.element) !== undefined)
      .map((one) => ({ ...one, element: now(one.element) ?? '', others: all(one.others) })),
  }
}
