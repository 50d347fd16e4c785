import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, data, type Schemas } from '../api/client'
import { explain } from '../api/problem'
import { useDomain } from '../i18n/domain'
import { formatBytes } from '../lib/bytes'
import { formatCount } from '../lib/money'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Skeleton } from './States'

type Props = { file: Schemas['File']; onClose: () => void; onOpen: () => void }

/** A picture in place, or what an archive holds. */
export default function FilePreview({ file, onClose, onOpen }: Props) {
  const t = useDomain()
  return (
    <Dialog isOpen onClose={onClose} size="large" title={file.name} footer={<Button onPress={onOpen}>{t.download}</Button>}>
      {file.media_type.startsWith('image/') ? <Picture file={file} /> : <Contents file={file} />}
    </Dialog>
  )
}

function Failed({ error }: { error: unknown }) {
  return (
    <p role="alert" className="text-cinnabar">
      {explain(error)}
    </p>
  )
}

function Picture({ file }: { file: Schemas['File'] }) {
  const [url, setUrl] = useState<string>()
  const picture = useQuery({
    queryKey: ['file', 'picture', file.id],
    // the page may show bytes it fetched, not those of another origin
    queryFn: async ({ signal }) => {
      const link = await data(api.GET('/api/files/{id}/link', { params: { path: { id: file.id }, query: { inline: true } }, signal }))
      return (await fetch(link.url, { signal })).blob()
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  useEffect(() => {
    if (!picture.data) return
    const made = URL.createObjectURL(picture.data)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [picture.data])
  if (picture.error) return <Failed error={picture.error} />
  if (!url) return <Skeleton rows={6} className="h-10" />
  return <img src={url} alt={file.name} className="mx-auto max-h-[70dvh] max-w-full rounded-control border border-line" />
}

function Contents({ file }: { file: Schemas['File'] }) {
  const t = useDomain()
  const found = useQuery({
    queryKey: ['file', 'contents', file.id],
    queryFn: ({ signal }) => data(api.GET('/api/files/{id}/contents', { params: { path: { id: file.id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (found.error) return <Failed error={found.error} />
  if (!found.data) return <Skeleton rows={6} className="h-10" />
  const { files, unpacked, items } = found.data
  return (
    <>
      <p className="num mb-3 text-ink-3">{t.archive(formatCount(files), formatBytes(unpacked))}</p>
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <li key={item.name} className="flex justify-between gap-4 py-1.5">
            <span className="min-w-0 break-all">{item.name}</span>
            <span className="num shrink-0 text-ink-3">{formatBytes(item.size)}</span>
          </li>
        ))}
      </ul>
      {files > items.length && <p className="mt-2 text-ink-3 text-small">{t.archiveMore(files - items.length)}</p>}
    </>
  )
}
