import { useEffect, useMemo } from 'react'
import { createStore } from './store'

export type UploadTicket = { url: string; method?: string; headers?: Record<string, string> }

export type Upload<K extends UploadTicket = UploadTicket> = {
  id: number
  file: File
  state: 'queued' | 'preparing' | 'uploading' | 'done' | 'failed'
  sent: number
  /** Bytes per second, smoothed. */
  speed: number
  error?: unknown
  ticket?: K
}

type Options<K extends UploadTicket> = {
  /** Asks the server where to put the file. */
  prepare: (file: File, signal: AbortSignal) => Promise<K>
  /** Tells the server it is there. */
  finish: (ticket: K, file: File) => Promise<unknown>
}

const atOnce = 3
const tries = 4

/** Uploads outside React: three at a time, each tried again with back-off. */
export class UploadQueue<K extends UploadTicket> {
  readonly list = createStore<Upload<K>[]>([])
  private running = new Map<number, AbortController>()
  private next = 1
  constructor(private options: Options<K>) {}

  add(files: File[]) {
    this.list.set([...this.list.get(), ...files.map((file) => ({ id: this.next++, file, state: 'queued' as const, sent: 0, speed: 0 }))])
    this.pump()
  }
  retry(id: number) {
    this.patch(id, { state: 'queued', sent: 0, error: undefined })
    this.pump()
  }
  remove(id: number) {
    this.running.get(id)?.abort()
    this.list.set(this.list.get().filter((item) => item.id !== id))
  }
  get busy() {
    return this.list.get().some((item) => item.state !== 'done' && item.state !== 'failed')
  }
  stop() {
    for (const controller of this.running.values()) controller.abort()
  }

  private patch(id: number, change: Partial<Upload<K>>) {
    this.list.set(this.list.get().map((item) => (item.id === id ? { ...item, ...change } : item)))
  }
  private pump() {
    for (const item of this.list.get()) {
      if (this.running.size >= atOnce) return
      if (item.state === 'queued' && !this.running.has(item.id)) void this.run(item)
    }
  }
  private async run({ id, file }: Upload<K>) {
    const controller = new AbortController()
    this.running.set(id, controller)
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          this.patch(id, { state: 'preparing', sent: 0 })
          const ticket = await this.options.prepare(file, controller.signal)
          this.patch(id, { state: 'uploading', ticket })
          await put(ticket, file, controller.signal, (sent, speed) => this.patch(id, { sent, speed }))
          await this.options.finish(ticket, file)
          this.patch(id, { state: 'done', sent: file.size })
          return
        } catch (error) {
          const refused = (error as { status?: number }).status
          const final = controller.signal.aborted || attempt >= tries || (refused !== undefined && refused >= 400 && refused < 500)
          if (final) throw error
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt))
        }
      }
    } catch (error) {
      this.patch(id, { state: 'failed', error })
    } finally {
      this.running.delete(id)
      this.pump()
    }
  }
}

function put(ticket: UploadTicket, file: File, signal: AbortSignal, onProgress: (sent: number, speed: number) => void) {
  return new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest()
    let last = { at: performance.now(), sent: 0 }
    let speed = 0
    request.open(ticket.method ?? 'PUT', ticket.url)
    for (const [name, value] of Object.entries(ticket.headers ?? {})) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => {
      const now = performance.now()
      if (now - last.at < 200) return
      const current = ((event.loaded - last.sent) / (now - last.at)) * 1000
      speed = speed ? speed * 0.7 + current * 0.3 : current
      last = { at: now, sent: event.loaded }
      onProgress(event.loaded, speed)
    }
    request.onload = () =>
      request.status < 300 ? resolve() : reject(Object.assign(new Error(`HTTP ${request.status}`), { status: request.status }))
    request.onerror = () => reject(new Error('network'))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

/** A queue that lives as long as its page. */
export function useUploads<K extends UploadTicket>(options: Options<K>) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one queue per page; the requests do not change under it
  const queue = useMemo(() => new UploadQueue(options), [])
  useEffect(() => () => queue.stop(), [queue])
  return queue
}
