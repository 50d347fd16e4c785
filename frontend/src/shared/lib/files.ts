import { api, data, type Schemas } from '../api/client'
import { useUploads } from './uploads'

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const digest = async (bytes: BufferSource) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const partSize = 16 * 1024 * 1024
const partsFrom = 64 * 1024 * 1024

type Sums = { whole: string; parts: string[] }
const known = new WeakMap<File, Sums>()

/** The digest of a file; of a large one that of its parts' digests, read part by part. */
async function sums(file: File, signal: AbortSignal): Promise<Sums> {
  const before = known.get(file)
  if (before) return before
  let found: Sums
  if (file.size <= partsFrom) found = { whole: base64(await digest(await file.arrayBuffer())), parts: [] }
  else {
    const parts: Uint8Array[] = []
    for (let at = 0; at < file.size; at += partSize) {
      signal.throwIfAborted()
      parts.push(await digest(await file.slice(at, at + partSize).arrayBuffer()))
    }
    const all = new Uint8Array(parts.length * 32)
    for (const [index, part] of parts.entries()) all.set(part, index * 32)
    found = { whole: base64(await digest(all)), parts: parts.map(base64) }
  }
  known.set(file, found)
  return found
}

/** What the browser calls tables and archives depends on the machine and its programs. */
const named: [RegExp, string][] = [
  [/\.csv$/i, 'text/csv'],
  [/\.zip$/i, 'application/zip'],
  [/\.t?gz$/i, 'application/gzip'],
]
const mediaType = (file: File) => named.find(([ends]) => ends.test(file.name))?.[1] ?? (file.type || 'application/octet-stream')

/** Uploads straight to the object store; `onDone` gets the stored file to attach to its record. */
export function useFileUploads(purpose: Schemas['NewFile']['purpose'], onDone: (file: Schemas['File']) => Promise<unknown>) {
  return useUploads<Schemas['Upload']>({
    prepare: async (file, signal) =>
      data(
        api.POST('/api/files', {
          body: {
            purpose,
            name: file.name,
            media_type: mediaType(file),
            size: file.size,
            sha256: (await sums(file, signal)).whole,
          },
          signal,
        }),
      ),
    links: async (ticket, file, numbers, signal) => {
      const { parts } = await sums(file, signal)
      const body = { parts: numbers.map((number) => ({ number, sha256: parts[number - 1] ?? '' })) }
      return (await data(api.POST('/api/files/{id}/parts', { params: { path: { id: ticket.file.id } }, body, signal }))).items
    },
    cancel: (ticket) => data(api.DELETE('/api/files/{id}', { params: { path: { id: ticket.file.id } } })),
    finish: async (ticket) => onDone(await data(api.POST('/api/files/{id}/complete', { params: { path: { id: ticket.file.id } } }))),
  })
}
