import type { ComponentProps } from 'react'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { Facets } from './Facets'
import { useMarket } from './words'

/** The facets of a phone. */
export default function FacetsDialog({ total, onClose, ...props }: ComponentProps<typeof Facets> & { total: string; onClose: () => void }) {
  const t = useMarket()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.filters}
      footer={
        <Button variant="primary" onPress={onClose} className="w-full">
          {t.showResults(total)}
        </Button>
      }
    >
      <Facets {...props} />
    </Dialog>
  )
}
