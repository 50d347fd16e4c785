import { api, data, type Schemas } from '../api/client'
import { useUploads } from './uploads'

async function sha256(file: File) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return btoa(String.fromCharCode(...digest))
}

/** What the browser calls a text table depends on the programs of the machine. */
const mediaType = (file: File) => (/\.csv$/i.test(file.name) ? 'text/csv' : file.type || 'application/octet-stream')

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
            sha256: await sha256(file),
          },
          signal,
        }),
      ),
    finish: async (ticket) => onDone(await data(api.POST('/api/files/{id}/complete', { params: { path: { id: ticket.file.id } } }))),
  })
}
