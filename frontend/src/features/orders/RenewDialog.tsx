import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { act } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { formatFen } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { consequencesQuery, type Order } from './queries'
import { useOrders } from './words'

/** So many months more, at the price the service has. */
export default function RenewDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useOrders().renew
  const common = useCommon()
  const { data } = useQuery(consequencesQuery(order.id, order.version))
  const [months, setMonths] = useState(order.price.term_months)
  const write = useWrite({
    run: (n: number, { headers }) => act('orders', order.id, 'renew_service', { months: n }, headers),
    touches: ['order', 'home'],
    onDone: () => {
      onClose()
      toast(t.done)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(months)}>
            {t.go}
          </Button>
        </>
      }
    >
      <NumberField
        label={t.months}
        description={data?.ends_on && t.from(data.ends_on)}
        minValue={1}
        maxValue={60}
        value={months}
        onChange={(n) => setMonths(n ?? 1)}
        error={write.error?.byField.months}
      />
      <p className="mt-3 text-ink-2 text-small">
        {t.costs(formatFen(order.service?.monthly_fen ?? 0), months, formatFen((order.service?.monthly_fen ?? 0) * months))}
      </p>
      {write.error && !write.error.byField.months && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(write.error)}
        </p>
      )}
    </Dialog>
  )
}
