import { Link } from '@tanstack/react-router'
import { Check, Circle } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { usePages } from '../../shared/api/pages'
import { explain } from '../../shared/api/problem'
import { useActor } from '../../shared/i18n/did'
import { cx } from '../../shared/lib/cx'
import { linkTo } from '../../shared/lib/search'
import { Button, IconButton } from '../../shared/ui/Button'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Due, Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type Kind, type Notice, noticesQuery, readAllNotices, readNotices } from './queries'
import { useNotices } from './words'

type Props = { kind: Kind; unread?: boolean; onGo?: () => void; slim?: boolean }

/** Up and down move between the notices, as in a mail list. */
function move(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (!step) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a')]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus()
  event.preventDefault()
}

export function NoticeList({ kind, unread, onGo, slim }: Props) {
  const t = useNotices()
  const { rows, hasMore, onMore } = usePages(noticesQuery({ kind, unread }))
  const options = { touches: ['notice'], onError: (error: unknown) => void toast(explain(error), { bad: true }) }
  const mark = useWrite({ ...options, run: ({ seq, read }: { seq: number; read: boolean }) => readNotices([seq], read) })
  const all = useWrite({ ...options, run: (upTo: number) => readAllNotices(kind, upTo), onDone: () => toast(t.allRead) })
  const newest = rows[0]?.seq
  if (!rows.length)
    return slim ? (
      <div className="px-4 py-6">
        <p className="font-medium">{t.empty[kind]}</p>
        <p className="text-ink-3 text-small">{t.emptyWhy}</p>
      </div>
    ) : (
      <EmptyState title={t.empty[kind]}>{t.emptyWhy}</EmptyState>
    )
  return (
    <>
      <ul onKeyDown={move} className={cx('divide-y divide-line', slim ? '' : 'overflow-hidden rounded-card border border-line')}>
        {rows.map((notice) => (
          <Row
            key={notice.seq}
            notice={notice}
            onGo={() => {
              if (!notice.read) mark.mutate({ seq: notice.seq, read: true })
              onGo?.()
            }}
            onMark={() => mark.mutateAsync({ seq: notice.seq, read: !notice.read })}
          />
        ))}
      </ul>
      <div className={cx('flex flex-wrap items-center justify-between gap-2', slim ? 'border-line border-t px-3 py-2' : 'mt-3')}>
        {hasMore && !slim ? <Button onPress={onMore}>{t.more}</Button> : <span />}
        {rows.some((row) => !row.read) && newest && (
          <Button variant="quiet" size="small" onPress={() => all.mutateAsync(newest)}>
            {t.readAll}
          </Button>
        )}
      </div>
    </>
  )
}

function Row({ notice, onGo, onMark }: { notice: Notice; onGo: () => void; onMark: () => unknown }) {
  const t = useNotices()
  const named = useActor()
  const fresh = !notice.read && !notice.done
  return (
    <li className="group relative flex items-start gap-2 px-4 py-3 hover:bg-sunken">
      <Circle size={8} className={cx('mt-2 shrink-0', fresh ? 'fill-current text-accent' : 'invisible')} aria-hidden />
      <div className="min-w-0 flex-1">
        <Link
          {...linkTo(notice.href)}
          onClick={onGo}
          className={cx('focus-ring rounded-check after:absolute after:inset-0', fresh ? 'font-medium' : 'text-ink-2')}
        >
          {notice.text}
          {fresh && <span className="sr-only"> {t.isNew}</span>}
        </Link>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3 text-meta">
          <span>{named(notice.actor_name)}</span>
          <Time value={notice.at} />
          {notice.done ? <Tag tone="jade">{t.done}</Tag> : notice.due_at && <Due at={notice.due_at} />}
        </p>
      </div>
      <IconButton
        size="small"
        className="relative z-10"
        label={`${notice.read ? t.unreadAgain : t.read}: ${notice.text}`}
        icon={notice.read ? <Circle size={16} aria-hidden /> : <Check size={16} aria-hidden />}
        onPress={onMark}
      />
    </li>
  )
}
