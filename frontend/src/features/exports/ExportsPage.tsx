import { useSuspenseQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { formatBytes } from '../../shared/lib/bytes'
import { formatCount } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { download } from '../../shared/ui/ExportButton'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { StatusTag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { cancelExport, type Export, exportsQuery } from './queries'
import { useExports } from './words'

const tones: Record<string, string> = { queued: 'submitted', running: 'submitted', done: 'approved' }

export function ExportsPage() {
  const t = useExports()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <Centre />
    </RecordPage>
  )
}

function Centre() {
  const t = useExports()
  const items = useSuspenseQuery(exportsQuery).data.items
  const cancel = useWrite({
    run: (id: string, { headers }) => cancelExport(id, headers),
    touches: ['export'],
    onDone: () => toast(t.cancelled),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const fetchIt = (id: string) => download(id).catch((error) => toast(explain(error), { bad: true }))
  if (items.length === 0) return <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  return (
    <MiniTable
      label={t.title}
      head={[t.columns.file, t.columns.state, t.columns.rows, t.columns.size, t.columns.at, '']}
      end={[2, 3]}
      rows={items.map((one) => ({
        id: one.id,
        cells: [
          <span key="file" className="font-medium">
            {one.file_name}
          </span>,
          <StateCell key="state" one={one} />,
          one.state === 'running' ? t.progress(formatCount(one.rows), formatCount(one.total)) : formatCount(one.rows),
          one.size ? formatBytes(one.size) : '-',
          <Time key="at" value={one.created_at} className="text-ink-3" />,
          <span key="act" className="flex justify-end">
            {one.actions.includes('download') && (
              <Button size="small" icon={<Download size={14} aria-hidden />} onPress={() => fetchIt(one.id)}>
                {t.download}
              </Button>
            )}
            {one.actions.includes('cancel') && (
              <Button size="small" onPress={() => cancel.mutateAsync(one.id)}>
                {t.cancel}
              </Button>
            )}
          </span>,
        ],
      }))}
    />
  )
}

function StateCell({ one }: { one: Export }) {
  const t = useExports()
  return (
    <span className="flex flex-col items-start gap-1">
      <StatusTag state={tones[one.state] ?? one.state}>{t.states[one.state]}</StatusTag>
      {one.state === 'done' && one.expires_at && <span className="text-ink-3 text-meta">{t.until(formatTime(one.expires_at))}</span>}
      {one.reason && <span className="text-cinnabar text-meta">{one.reason}</span>}
    </span>
  )
}
