import { useNavigate } from '@tanstack/react-router'
import { useCan } from '../../shared/api/session'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { useOrders } from './words'

/** Orders and quotes are two lists of one business. */
export function ListSwitch({ value }: { value: 'orders' | 'quotes' }) {
  const t = useOrders()
  const can = useCan()
  const navigate = useNavigate()
  if (!can('quote:read') || !can('order:read')) return null
  return (
    <SegmentedControl
      label={t.view}
      value={value}
      onChange={(next) => void navigate({ to: `/${next}` as string })}
      items={[
        { id: 'orders', label: t.tabs.orders },
        { id: 'quotes', label: t.tabs.quotes },
      ]}
    />
  )
}
