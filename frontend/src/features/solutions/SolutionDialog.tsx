import { useQueryClient } from '@tanstack/react-query'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { editSolution, newSolution, type Solution, solutionQuery } from './queries'
import { useSolutions } from './words'

type Props = { solution?: Solution; onClose: () => void; onDone?: (solution: Solution) => void }

/** Names a solution and its place in the library. */
export default function SolutionDialog({ solution, onClose, onDone }: Props) {
  const t = useSolutions()
  const common = useCommon()
  const client = useQueryClient()
  const { reference, options } = useReference()
  const need = (text: string, word = t.missing) => (text.trim() ? '' : word)
  const form = useForm({
    initial: {
      name: solution?.name ?? '',
      summary: solution?.summary ?? '',
      industry: solution?.industry ?? '',
      category: solution?.category ?? '',
      family: solution?.family ?? '',
    },
    draft: solution ? undefined : 'solution.new',
    check: (values) => ({
      name: need(values.name),
      summary: need(values.summary),
      industry: need(values.industry, t.pick),
      category: need(values.category, t.pick),
      family: need(values.family, t.pick),
    }),
  })
  const save = useWrite({
    run: async (body: typeof form.values, { headers, overwrite }) => {
      if (!solution) return newSolution(body, headers)
      const version = overwrite ? (await client.fetchQuery({ ...solutionQuery(solution.id), staleTime: 0 })).version : solution.version
      return editSolution(solution.id, { ...body, version }, headers)
    },
    touches: ['solution'],
    onDone: (result) => {
      form.done()
      toast(solution ? t.saved : t.created)
      onClose()
      onDone?.(result)
    },
    onError: form.refuse,
  })
  const go = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={solution ? t.editTitle : t.newTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => void go()}>
            {solution ? t.save : t.create}
          </Button>
        </>
      }
    >
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <TextField label={t.fields.name} description={t.help.name} maxLength={80} autoFocus {...form.field('name')} />
        <TextField label={t.fields.summary} description={t.help.summary} maxLength={200} {...form.field('summary')} />
        <Select label={t.fields.industry} options={options(reference.industries)} {...form.field('industry')} />
        <Select label={t.fields.category} options={options(reference.categories)} {...form.field('category')} />
        <Select label={t.fields.family} description={t.help.family} options={options(reference.families)} {...form.field('family')} />
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
