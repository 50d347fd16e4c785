import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useMe } from '../../shared/api/session'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField } from '../../shared/ui/Field'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { AccountPicker } from '../orders/Pickers'
import { quotableQuery } from '../orders/queries'
import { type Bundle, quoteBundle } from './queries'
import { useBundles } from './words'

/** For whom, how many, for how long. */
export default function QuoteDialog({ bundle, onClose }: { bundle: Bundle; onClose: () => void }) {
  const t = useBundles()
  const common = useCommon()
  const navigate = useNavigate()
  const partner = useMe().membership.tenant_kind === 'partner'
  const deals = useQuery({ ...quotableQuery, enabled: partner })
  const [who, setWho] = useState<string | null>(null)
  const [sets, setSets] = useState(1)
  const [term, setTerm] = useState(12)
  const write = useWrite({
    run: (id: string, { headers }) =>
      quoteBundle(bundle.id, { [partner ? 'deal_id' : 'account_id']: id, sets, term_months: term }, headers),
    touches: ['quote', 'deal', 'home'],
    onDone: (made) => {
      toast(t.quoted)
      void navigate({ to: `/quotes/${made.items[0]?.id}` as string })
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.quoteTitle(bundle.name)}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isDisabled={!who} isPending={write.isPending} onPress={() => who && write.mutate(who)}>
            {t.quoteGo}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {partner ? (
          <NativeSelect
            label={t.deal}
            value={who ?? ''}
            onChange={(id) => setWho(id || null)}
            options={[
              { id: '', label: t.missing },
              ...(deals.data?.items ?? []).map((deal) => ({ id: deal.id, label: `${deal.account_name} · ${deal.number}` })),
            ]}
          />
        ) : (
          <AccountPicker value={who} onChange={setWho} />
        )}
        <div className="grid grid-cols-2 gap-4">
          <NumberField label={t.sets} minValue={1} maxValue={10_000} value={sets} onChange={(n) => setSets(n ?? 1)} />
          <NumberField label={t.term} minValue={1} maxValue={60} value={term} onChange={(n) => setTerm(n ?? 12)} />
        </div>
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
