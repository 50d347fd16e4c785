import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import { capacityQuery, setCapacity } from './queries'
import { useOrders } from './words'

/** How many orders the firm delivers at once, and how many it has. */
export default function Capacity() {
  const t = useOrders().deliveries.capacity
  const common = useCommon()
  const { data } = useQuery(capacityQuery)
  const [most, setMost] = useState<number | undefined>()
  const [open, setOpen] = useState(false)
  const write = useWrite({
    run: (value: number | undefined, { headers }) => setCapacity(value, headers),
    touches: ['capacity'],
    onDone: () => {
      setOpen(false)
      toast(t.saved)
    },
  })
  if (!data) return null
  return (
    <>
      <span className="flex items-center gap-3 text-ink-2 text-small">
        {t.now(data.open, data.most)}
        <Button
          size="small"
          aria-label={`${t.set} ${t.title}`}
          onPress={() => {
            setMost(data.most)
            setOpen(true)
          }}
        >
          {t.set}
        </Button>
      </span>
      {open && (
        <Dialog
          isOpen
          onClose={() => setOpen(false)}
          title={t.title}
          footer={
            <>
              <Button onPress={() => setOpen(false)}>{common.cancel}</Button>
              <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(most)}>
                {common.save}
              </Button>
            </>
          }
        >
          <div className="flex flex-col gap-4">
            <Checkbox isSelected={most === undefined} onChange={(on) => setMost(on ? undefined : Math.max(5, data.open))}>
              {t.unlimited}
            </Checkbox>
            {most !== undefined && (
              <NumberField
                label={t.most}
                description={t.mostHelp}
                minValue={0}
                maxValue={10_000}
                value={most}
                onChange={(n) => setMost(n ?? 0)}
                error={write.error?.byField.most}
              />
            )}
            {write.error && !write.error.byField.most && (
              <p role="alert" className="text-cinnabar text-small">
                {explain(write.error)}
              </p>
            )}
          </div>
        </Dialog>
      )}
    </>
  )
}
