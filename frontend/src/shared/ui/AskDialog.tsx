import { queryOptions, useQuery } from '@tanstack/react-query'
import { send } from '../api/act'
import { api, data, type Schemas } from '../api/client'
import { useWrite } from '../api/mutate'
import { explain } from '../api/problem'
import { useCommon } from '../i18n/common'
import { useRequests } from '../i18n/requests'
import { useForm } from '../lib/form'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { TextArea } from './Field'
import { requestTouches } from './Requests'
import { Select } from './Select'
import { toast } from './Toast'

export type AskKind = Schemas['ReviewRequest']['kind']
type Props = {
  resource: 'certifications' | 'listings'
  id: string
  kind: AskKind
  partner: string
  onClose: () => void
  onDone?: () => void
}

const reviewersQuery = (kind: 'certification' | 'listing') =>
  queryOptions({
    queryKey: ['review', 'people', kind],
    queryFn: ({ signal }) => data(api.GET('/api/reviewers', { params: { query: { kind } }, signal })),
    staleTime: 60_000,
  })

/** A question to the firm, a colleague's opinion, or a colleague who decides. */
export default function AskDialog({ resource, id, kind, partner, onClose, onDone }: Props) {
  const t = useRequests()
  const common = useCommon()
  const words = t.ask[kind]
  const people = useQuery({ ...reviewersQuery(resource === 'listings' ? 'listing' : 'certification'), enabled: kind !== 'question' })
  const options = (people.data?.items ?? [])
    .filter((one) => kind === 'opinion' || one.may_decide)
    .map((one) => ({ id: one.id, label: one.name }))
  const form = useForm<{ to: string; text: string }>({
    initial: { to: '', text: '' },
    draft: `ask.${kind}.${id}`,
    check: (values) => ({ text: values.text.trim() ? '' : t.missing, to: kind === 'question' || values.to ? '' : t.missingTo }),
  })
  const save = useWrite({
    run: (body: { to: string; text: string }, { headers }) =>
      send('POST', `/api/${resource}/${id}/requests`, { kind, text: body.text.trim(), to: body.to || undefined }, headers),
    touches: requestTouches,
    onDone: () => {
      form.done()
      toast(words.done)
      onClose()
      onDone?.()
    },
    onError: form.refuse,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(partner)}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => form.valid() && save.mutate(form.values)}>
            {words.go}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <p className="text-ink-3">{words.help}</p>
        {kind !== 'question' &&
          (people.data && !options.length ? (
            <p role="status">{t.noColleague}</p>
          ) : (
            <Select label={t.to} options={options} {...form.field('to')} />
          ))}
        <TextArea label={words.label} rows={4} maxLength={2000} {...form.field('text')} />
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
