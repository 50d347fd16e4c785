import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { useDomain } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { Part } from '../../shared/ui/Part'
import { ComboBox, Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { certifiedQuery, newListing } from './queries'
import { useListings } from './words'

/** Offers a certified version in a scope. */
export default function OfferDialog({ onClose }: { onClose: () => void }) {
  const t = useListings().dialog
  const common = useCommon()
  const navigate = useNavigate()
  const { membership } = useMe()
  const form = useForm({
    initial: { version_id: null as string | null, scope: membership.tenant_kind === 'city' ? membership.tenant_code : 'province' },
    check: (values) => ({ version_id: values.version_id ? '' : t.missing }),
  })
  const make = useWrite({
    run: ({ version_id, scope }: typeof form.values, { headers }) => newListing({ version_id: version_id ?? '', scope }, headers),
    touches: ['listing', 'home'],
    onDone: (listing) => {
      toast(t.done)
      void navigate({ to: `/listings/${listing.id}` as string })
    },
    onError: form.refuse,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={make.isPending} onPress={() => form.valid() && make.mutate(form.values)}>
            {t.go}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <Part>
          <Fields form={form} />
        </Part>
        {make.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(make.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function Fields({ form }: { form: ReturnType<typeof useForm<{ version_id: string | null; scope: string }>> }) {
  const t = useListings().dialog
  const d = useDomain()
  const { membership } = useMe()
  const { reference } = useReference()
  const certified = useSuspenseQuery(certifiedQuery).data.items
  const city = membership.tenant_kind === 'city'
  return (
    <>
      <ComboBox
        label={t.version}
        description={t.versionHelp}
        empty={t.none}
        options={certified.map((solution) => ({
          id: solution.latest_version_id,
          label: `${solution.name} ${solution.latest_semver}`,
          description: solution.partner_name,
        }))}
        {...form.field('version_id')}
      />
      <Select
        label={t.scope}
        description={t.scopeHelp}
        isDisabled={city}
        options={[
          ...(city ? [] : [{ id: 'province', label: d.province }]),
          ...reference.cities
            .filter((one) => !city || one.code === membership.tenant_code)
            .map((one) => ({ id: one.code, label: one.name })),
        ]}
        {...form.field('scope')}
      />
    </>
  )
}
