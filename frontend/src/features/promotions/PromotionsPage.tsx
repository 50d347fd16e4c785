import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { wordOf } from '../../shared/i18n/domain'
import { formatFen, formatPpm } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { promotionsQuery } from './queries'
import { usePromotions } from './words'

const PromotionDialog = lazy(() => import('./PromotionDialog'))

export function PromotionsPage() {
  const t = usePromotions()
  const [making, setMaking] = useState(false)
  return (
    <RecordPage width="full">
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setMaking(true)}>
            {t.create}
          </Button>
        }
      />
      <Part>
        <List />
      </Part>
      <Suspense>{making && <PromotionDialog onClose={() => setMaking(false)} />}</Suspense>
    </RecordPage>
  )
}

const tones = { planned: 'neutral', running: 'jade', over: 'neutral', ended: 'amber' } as const

function List() {
  const t = usePromotions()
  const rows = useSuspenseQuery(promotionsQuery).data.items
  if (!rows.length) return <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  return (
    <MiniTable
      label={t.title}
      head={[t.name, t.of, t.off, t.days, t.budget, t.phase, '']}
      rows={rows.map((one) => ({
        id: one.id,
        cells: [
          <span key="name" className="font-medium">
            {one.name} <span className="block font-normal text-ink-3 text-small">{one.province ? t.province : t.city}</span>
          </span>,
          <span key="of">
            {one.solution_name || t.all}
            {one.elements.length > 0 && <span className="block text-ink-3 text-small">{one.elements.join('、')}</span>}
          </span>,
          <span key="off">
            <span className="num">{formatPpm(one.ppm)}</span>
            <span className="block text-ink-3 text-small">{one.stackable ? t.stackable : t.exclusive}</span>
          </span>,
          <span key="days" className="num">
            {one.starts_on} – {one.ends_on}
          </span>,
          <span key="budget" className="num">
            {one.budget_fen ? t.used(formatFen(one.used_fen, { trim: true }), formatFen(one.budget_fen, { trim: true })) : t.none}
            <span className="block text-ink-3 text-small">{t.orders(one.orders)}</span>
          </span>,
          <span key="phase">
            <Tag tone={tones[one.phase]}>{wordOf(t.phases, one.phase)}</Tag>
            {one.reason && <span className="block text-ink-3 text-small">{one.reason}</span>}
          </span>,
          <Actions
            key="acts"
            resource="promotions"
            id={one.id}
            allowed={one.actions}
            size="small"
            touches={['promotion']}
            acts={[{ id: 'end', label: t.end, done: t.ended, ask: { title: t.askEnd, reason: 'required' } }]}
          />,
        ],
      }))}
    />
  )
}
