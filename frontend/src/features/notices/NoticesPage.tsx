import { useQuery } from '@tanstack/react-query'
import { noticeCount } from '../../shared/api/notices'
import { useFilters } from '../../shared/lib/search'
import { Checkbox } from '../../shared/ui/Choice'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { StateTabs } from '../../shared/ui/Tabs'
import { NoticeList } from './NoticeList'
import type { Filter, Kind } from './queries'
import { useNotices } from './words'

export function NoticesPage() {
  const t = useNotices()
  const [filter, set] = useFilters<Filter>()
  const count = useQuery(noticeCount).data
  const kind: Kind = filter.kind === 'info' ? 'info' : 'needs'
  return (
    <Page>
      <div className="max-w-[760px]">
        <PageHeader title={t.title} sub={t.sub} />
        <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
          <StateTabs
            label={t.title}
            items={(['needs', 'info'] as const).map((id) => ({ id, label: t.kinds[id], count: count?.[id] }))}
            value={kind}
            onChange={(next) => set({ kind: next === 'needs' ? undefined : next })}
          />
          <Checkbox isSelected={!!filter.unread} onChange={(unread) => set({ unread })}>
            {t.unread}
          </Checkbox>
        </div>
        <Part>
          <NoticeList kind={kind} unread={filter.unread} />
        </Part>
      </div>
    </Page>
  )
}
