import { FileText, ShieldAlert } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { api, data, type Schemas } from '../api/client'
import { explain } from '../api/problem'
import { useDomain } from '../i18n/domain'
import { formatBytes } from '../lib/bytes'
import { cx } from '../lib/cx'
import { toast } from './Toast'

const FilePreview = lazy(() => import('./FilePreview'))

/** How a file opens: a picture and an archive in place, a PDF in a tab of its own, anything else is saved. */
const previewed = (type: string) => /^image\/|^application\/zip$/.test(type)

async function openFile(id: string, inline: boolean, offer?: string) {
  // opened before the answer comes, or the browser takes it for a pop-up
  const tab = window.open('', '_blank')
  try {
    const query = { inline }
    const { url } = await (offer
      ? data(api.GET('/api/marketplace/{id}/files/{sub}/link', { params: { path: { id: offer, sub: id }, query } }))
      : data(api.GET('/api/files/{id}/link', { params: { path: { id }, query } })))
    if (tab) {
      tab.opener = null
      tab.location.href = url
    } else window.location.href = url
  } catch (error) {
    tab?.close()
    toast(explain(error), { bad: true })
  }
}

/** A stored file that opens, with its size and what the scan said. */
export function FileLine({
  file,
  note,
  aside,
  className,
  offer,
}: {
  file: Schemas['File']
  /** Whose page lets its readers open the file: buyers read no version. */
  offer?: string
  note?: ReactNode
  aside?: ReactNode
  className?: string
}) {
  const t = useDomain()
  const [shown, setShown] = useState(false)
  const open = () => void openFile(file.id, offer ? /pdf$|^image\//.test(file.media_type) : file.media_type === 'application/pdf', offer)
  const bad = file.scan === 'infected' || file.state === 'quarantined'
  return (
    <div className={cx('flex items-center gap-3', className)}>
      <span
        className={cx(
          'grid size-9 shrink-0 place-items-center rounded-control',
          bad ? 'bg-cinnabar-soft text-cinnabar' : 'bg-accent-soft text-accent',
        )}
      >
        {bad ? <ShieldAlert size={18} aria-hidden /> : <FileText size={18} aria-hidden />}
      </span>
      <span className="min-w-0 flex-1">
        {bad ? (
          <span className="block truncate">{file.name}</span>
        ) : (
          <button
            type="button"
            onClick={previewed(file.media_type) && !offer ? () => setShown(true) : open}
            title={t.openFile(file.name)}
            className="focus-ring block max-w-full truncate rounded-check text-left hover:text-accent-text hover:underline"
          >
            {file.name}
          </button>
        )}
        <span className="flex flex-wrap items-center gap-x-2 text-ink-3 text-meta">
          {note}
          <span className="num">{formatBytes(file.size)}</span>
          {(bad || file.scan !== 'clean') && <span className={bad ? 'text-cinnabar' : undefined}>{t.scan[file.scan]}</span>}
        </span>
      </span>
      {aside}
      <Suspense>{shown && <FilePreview file={file} onClose={() => setShown(false)} onOpen={open} />}</Suspense>
    </div>
  )
}
