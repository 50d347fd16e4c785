import { useSuspenseQuery } from '@tanstack/react-query'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Checkbox, Switch } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { dropTerritory, membersQuery, saveTerritory, type Territory } from './queries'
import { useTerritories } from './words'

export default function RuleDialog({ rule, next, onClose }: { rule?: Territory; next: number; onClose: () => void }) {
  const t = useTerritories()
  const d = useDomain()
  const common = useCommon()
  const { membership } = useMe()
  const { reference, options } = useReference()
  const members = useSuspenseQuery(membersQuery).data.items
  const form = useForm({
    initial: {
      name: rule?.name ?? '',
      position: rule?.position ?? next,
      districts: rule?.districts ?? [],
      industries: rule?.industries ?? [],
      tiers: rule?.tiers ?? [],
      kinds: rule?.kinds ?? [],
      owners: rule?.owners ?? [],
      active: rule?.active ?? true,
    },
    check: (values) => ({ name: values.name.trim() ? '' : t.missing, owners: values.owners.length ? '' : t.missing }),
  })
  const end = (text: string) => () => {
    onClose()
    toast(text)
  }
  const save = useWrite({
    run: (_: undefined, { headers }) => saveTerritory(rule?.id, { ...form.values, version: rule?.version }, headers),
    touches: ['territory'],
    onDone: end(t.saved),
    onError: form.refuse,
  })
  const drop = useWrite({
    run: (_: undefined, { headers }) => dropTerritory(rule?.id ?? '', headers),
    touches: ['territory'],
    onDone: end(t.gone),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const districts = reference.cities.find((city) => city.code === membership.tenant_code)?.districts ?? []
  const many = (
    label: string,
    field: 'districts' | 'industries' | 'tiers' | 'kinds' | 'owners',
    choices: { id: string; label: string }[],
  ) => (
    <fieldset>
      <legend className="mb-1 text-small">
        {label}
        {field !== 'owners' && form.values[field].length === 0 && <span className="ml-2 text-ink-3">{t.any}</span>}
      </legend>
      <div className="flex max-h-40 flex-wrap gap-x-4 overflow-auto rounded-control border border-line px-3 py-1">
        {choices.map((choice) => (
          <Checkbox
            key={choice.id}
            isSelected={form.values[field].includes(choice.id)}
            onChange={(on) =>
              form.set({ [field]: on ? [...form.values[field], choice.id] : form.values[field].filter((one) => one !== choice.id) })
            }
          >
            {choice.label}
          </Checkbox>
        ))}
      </div>
      {form.errors[field] && (
        <p role="alert" className="text-cinnabar text-small">
          {form.errors[field]}
        </p>
      )}
    </fieldset>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={rule ? t.edit : t.add}
      size="medium"
      footer={
        <>
          {rule && (
            <Button variant="danger" className="mr-auto" isPending={drop.isPending} onPress={() => drop.mutate(undefined)}>
              {t.remove}
            </Button>
          )}
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => form.valid() && save.mutate(undefined)}>
            {t.save}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <div className="grid gap-4 md:grid-cols-[1fr_120px]">
          <TextField label={t.name} {...form.field('name')} />
          <NumberField
            label={t.position}
            minValue={0}
            maxValue={1000}
            value={form.values.position}
            onChange={(position) => form.set({ position: position ?? 0 })}
          />
        </div>
        {many(
          t.districts,
          'districts',
          districts.map((one) => ({ id: one.code, label: one.name })),
        )}
        {many(t.industries, 'industries', options(reference.industries))}
        {many(
          t.tiers,
          'tiers',
          ['A1', 'A2', 'B1', 'B2', 'C'].map((id) => ({ id, label: id })),
        )}
        {many(t.kinds, 'kinds', optionsOf(d.accountKind))}
        {many(
          t.owners,
          'owners',
          members.filter((one) => one.roles.includes('account_manager')).map((one) => ({ id: one.id, label: one.name })),
        )}
        <Switch isSelected={form.values.active} onChange={(active) => form.set({ active })}>
          {t.active}
        </Switch>
      </form>
      {save.error && !save.error.errors.length && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
    </Dialog>
  )
}
