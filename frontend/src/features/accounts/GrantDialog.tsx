import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { ComboBox } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { giveGrant, partnersQuery } from './accessQueries'
import { useAccess } from './accessWords'

const day = (ahead: number) => formatTime(new Date(Date.now() + ahead * 86_400_000), 'date')

/** The city lets one partner see the customer: which fields, why, until when. */
export default function GrantDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useAccess()
  const common = useCommon()
  const [q, setQ] = useState('')
  const partners = useQuery(partnersQuery(q)).data?.items ?? []
  const form = useForm({
    initial: { partner_id: '', fields: ['address'] as string[], reason: '', until: day(30) },
    check: (values) => ({
      partner_id: values.partner_id ? '' : t.pick,
      reason: values.reason.trim().length >= 4 ? '' : t.missingField,
      until: values.until ? '' : t.pick,
    }),
  })
  const give = useWrite({
    run: (body: typeof form.values, { headers }) => giveGrant(id, body, headers),
    touches: ['account'],
    onDone: (grant) => {
      toast(t.granted(grant.partner_name))
      onClose()
    },
    onError: form.refuse,
  })
  const go = () => form.valid() && !give.isPending && give.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.grantTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={give.isPending} onPress={() => void go()}>
            {t.grantGo}
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
        <ComboBox
          label={t.grantPartner}
          description={t.grantPartnerHelp}
          options={partners.map((one) => ({ id: one.id, label: one.legal_name, description: one.code }))}
          input={q}
          onInput={setQ}
          {...form.field('partner_id')}
          onChange={(value: string | null) => form.set({ partner_id: value ?? '' })}
        />
        <CheckboxGroup
          label={t.grantFields}
          description={t.grantFieldsHelp}
          isRequired={false}
          error={form.errors.fields}
          options={Object.entries(t.fields).map(([field, label]) => ({ id: field, label }))}
          value={form.values.fields}
          onChange={(fields) => form.set({ fields })}
        />
        <TextArea label={t.grantReason} description={t.grantReasonHelp} maxLength={500} {...form.field('reason')} />
        <DatePicker
          label={t.grantUntil}
          description={t.grantUntilHelp}
          min={day(0)}
          max={day(180)}
          {...form.field('until')}
          onChange={(value) => form.set({ until: value ?? '' })}
        />
        {give.error && !Object.keys(form.errors).length && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(give.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
