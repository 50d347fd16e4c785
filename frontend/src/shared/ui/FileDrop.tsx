import { useBlocker } from '@tanstack/react-router'
import { Check, CircleAlert, CloudUpload, FileText, RotateCw, X } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { DropZone, FileTrigger, Text } from 'react-aria-components'
import { useCommon } from '../i18n/common'
import { formatBytes } from '../lib/bytes'
import type { Upload, UploadQueue, UploadTicket } from '../lib/uploads'
import { IconButton } from './Button'
import { toast } from './Toast'
import { TriggerButton } from './TriggerButton'

const ConfirmDialog = lazy(() => import('./Dialog').then((module) => ({ default: module.ConfirmDialog })))

type Props<K extends UploadTicket> = {
  queue: UploadQueue<K>
  /** What is wanted here: 安装包、部署手册. */
  what: string
  accept?: string[]
  maxBytes: number
  /** Beside a finished file: its scan state. */
  status?: (upload: Upload<K>) => ReactNode
}

export function FileDrop<K extends UploadTicket>({ queue, what, accept, maxBytes, status }: Props<K>) {
  const t = useCommon()
  const uploads = queue.list.use()
  const max = formatBytes(maxBytes)
  const add = (files: File[]) => {
    const fits = files.filter((file) => file.size <= maxBytes)
    for (const file of files) if (file.size > maxBytes) toast(`${file.name}: ${t.upload.tooBig(max)}`, { bad: true })
    if (fits.length) queue.add(fits)
  }
  const done = uploads.filter((upload) => upload.state === 'done').length
  return (
    <div>
      <DropZone
        onDrop={async (event) => add(await Promise.all(event.items.filter((item) => item.kind === 'file').map((item) => item.getFile())))}
        className="flex flex-col items-center rounded-card border border-line-strong border-dashed bg-sunken px-6 py-9 text-center data-drop-target:border-accent data-drop-target:bg-accent-soft"
      >
        <CloudUpload size={28} strokeWidth={1.5} className="mb-2 text-accent" aria-hidden />
        <Text slot="label" className="font-semibold text-section">
          {t.upload.drop}
        </Text>
        <p className="mt-1 mb-4 max-w-[30em] text-balance text-ink-3 text-small">{t.upload.limit(what, max)}</p>
        <FileTrigger allowsMultiple acceptedFileTypes={accept} onSelect={(files) => add([...(files ?? [])])}>
          <TriggerButton>{t.upload.choose}</TriggerButton>
        </FileTrigger>
      </DropZone>
      {uploads.length > 0 && (
        <>
          <p className="num mt-5 mb-2 text-ink-2 text-small">{t.upload.summary(done, uploads.length)}</p>
          <ul className="divide-y divide-line overflow-hidden rounded-card border border-line">
            {uploads.map((upload) => (
              <UploadRow key={upload.id} upload={upload} queue={queue} status={status} />
            ))}
          </ul>
        </>
      )}
      <LeaveGuard queue={queue} />
    </div>
  )
}

function UploadRow<K extends UploadTicket>({
  upload,
  queue,
  status,
}: {
  upload: Upload<K>
  queue: UploadQueue<K>
  status?: Props<K>['status']
}) {
  const t = useCommon()
  const { id, file, state } = upload
  const percent = Math.floor((upload.sent / Math.max(1, file.size)) * 100)
  const over = state === 'done' || state === 'failed'
  return (
    <li className="flex items-center gap-3.5 px-4 py-3">
      <span className="grid size-9 shrink-0 place-items-center rounded-control bg-accent-soft text-accent">
        <FileText size={18} aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex justify-between gap-3">
          <span className="truncate">{file.name}</span>
          <span className="num shrink-0 text-ink-3 text-small">{formatBytes(file.size)}</span>
        </div>
        <div className="text-small">
          {state === 'done' &&
            (status?.(upload) ?? <Line icon={<Check size={14} aria-hidden />} className="text-jade" text={t.upload.done} />)}
          {state === 'failed' && <Line icon={<CircleAlert size={14} aria-hidden />} className="text-cinnabar" text={t.upload.failed} />}
          {state === 'uploading' && <Line className="num text-ink-3" text={t.upload.uploading(percent, formatBytes(upload.speed))} />}
          {(state === 'queued' || state === 'preparing') && <Line className="text-ink-3" text={t.upload[state]} />}
        </div>
        {state === 'uploading' && (
          <progress
            aria-label={file.name}
            value={percent}
            max={100}
            className="mt-1 block h-1 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-neutral-soft [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
          />
        )}
      </div>
      {state === 'failed' && (
        <IconButton label={t.upload.retryFile(file.name)} icon={<RotateCw size={16} aria-hidden />} onPress={() => queue.retry(id)} />
      )}
      <IconButton
        label={over ? t.upload.removeFile(file.name) : t.upload.cancelFile(file.name)}
        icon={<X size={16} aria-hidden />}
        onPress={() => queue.remove(id)}
      />
    </li>
  )
}

function Line({ icon, text, className }: { icon?: ReactNode; text: string; className: string }) {
  return (
    <span className={`inline-flex items-center gap-1 ${className}`}>
      {icon}
      {text}
    </span>
  )
}

function LeaveGuard<K extends UploadTicket>({ queue }: { queue: UploadQueue<K> }) {
  const t = useCommon()
  const [asking, setAsking] = useState<(leave: boolean) => void>()
  useBlocker({
    shouldBlockFn: async () => {
      if (!queue.busy) return false
      const leave = await new Promise<boolean>((resolve) => setAsking(() => resolve))
      setAsking(undefined)
      return !leave
    },
    enableBeforeUnload: () => queue.busy,
  })
  if (!asking) return null
  return (
    <Suspense>
      <ConfirmDialog isOpen onClose={() => asking(false)} title={t.leave} action={t.leaveNow} isDanger onConfirm={() => asking(true)} />
    </Suspense>
  )
}
