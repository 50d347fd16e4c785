import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from 'react-aria-components'
import { NoticeList } from '../features/notices/NoticeList'
import { useNotices } from '../features/notices/words'
import { noticeCount } from '../shared/api/notices'
import { LinkButton } from '../shared/ui/Button'
import { Part } from '../shared/ui/Part'
import { Popover } from '../shared/ui/Popover'
import { StateTabs } from '../shared/ui/Tabs'
import type { MenuProps } from './Switchers'

/** The newest notices, over whatever page is open. */
export default function BellPopover({ trigger, onClose }: MenuProps) {
  const t = useNotices()
  const count = useQuery(noticeCount).data
  const [kind, setKind] = useState<'needs' | 'info'>(count && !count.needs && count.info ? 'info' : 'needs')
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      placement="bottom end"
      className="w-[min(420px,calc(100vw-16px))]"
    >
      <Dialog aria-label={t.title} className="flex max-h-[70dvh] flex-col outline-none">
        <div className="flex items-center justify-between gap-2 border-line border-b px-3 py-2">
          <StateTabs
            label={t.title}
            items={(['needs', 'info'] as const).map((id) => ({ id, label: t.kinds[id], count: count?.[id] }))}
            value={kind}
            onChange={setKind}
          />
        </div>
        <div className="min-h-0 overflow-auto">
          <Part>
            <NoticeList kind={kind} onGo={onClose} slim />
          </Part>
        </div>
        <div className="border-line border-t p-2">
          <LinkButton to="/notices" variant="quiet" className="w-full" onClick={onClose}>
            {t.all}
          </LinkButton>
        </div>
      </Dialog>
    </Popover>
  )
}
