import { useNavigate } from '@tanstack/react-router'
import { useCan } from '../../shared/api/session'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { useOrders } from './words'

/** Orders and quotes are two lists of one business. */
export function ListSwitch({ value }: { value: 'orders' | 'board' | 'quotes' }) {
  const t = useOrders()
  const can = useCan()
  const navigate = useNavigate()
  if (!can('order:read')) return null
  return (
    <SegmentedControl
      label={t.view}
      value={value}
      onChange={(next) =>
        void navigate(next === 'board' ? { to: '/orders' as string, search: { view: 'board' } as never } : { to: `/${next}` as string })
      }
      items={[
        { id: 'orders' as const, label: t.tabs.orders },
        { id: 'board' as const, label: t.tabs.board },
        ...(can('quote:read') ? [{ id: 'quotes' as const, label: t.tabs.quotes }] : []),
      ]}
    />
  )
}
