import { useEffect, useMemo } from 'react'
import { createStore } from './store'

export type Target = { url: string; method?: string; headers?: Record<string, string> }
export type UploadTicket = Target & {
  /** A large file goes in parts of this many bytes; some may have arrived before. */
  part_size?: number
  parts?: number
  arrived?: number[]
}

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
  /** Where parts of a large file go. */
  links?: (ticket: K, file: File, numbers: number[], signal: AbortSignal) => Promise<(Target & { number: number })[]>
  /** Forgets a large file that is not wanted any more. */
  cancel?: (ticket: K) => Promise<unknown>
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
    const { ticket, state } = this.list.get().find((item) => item.id === id) ?? {}
    if (ticket?.parts && state !== 'done') void this.options.cancel?.(ticket).catch(() => {})
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
          const onProgress = (sent: number, speed: number) => this.patch(id, { sent, speed })
          if (ticket.parts) await this.putParts(ticket, file, controller.signal, onProgress)
          else await put(ticket, file, controller.signal, onProgress)
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

  /** Part after part, three on their way at a time; what arrived before is not sent again. */
  private async putParts(ticket: K, file: File, signal: AbortSignal, onProgress: (sent: number, speed: number) => void) {
    const { part_size: size = file.size, parts = 1, arrived = [] } = ticket
    const bytes = (number: number) => file.slice((number - 1) * size, number * size)
    const sent = new Map(arrived.map((number) => [number, bytes(number).size]))
    const speeds = new Map<number, number>()
    const sum = (values: Iterable<number>) => [...values].reduce((all, one) => all + one, 0)
    const report = () => onProgress(sum(sent.values()), sum(speeds.values()))
    const left = Array.from({ length: parts }, (_, at) => at + 1).filter((number) => !sent.has(number))
    report()
    const work = async () => {
      for (let number = left.shift(); number; number = left.shift()) {
        const part = number
        const [target] = (await this.options.links?.(ticket, file, [part], signal)) ?? []
        if (!target) throw new Error('no link')
        await put(target, bytes(part), signal, (done, speed) => {
          sent.set(part, done)
          speeds.set(part, speed)
          report()
        })
        sent.set(part, bytes(part).size)
        speeds.delete(part)
        report()
      }
    }
    // one that fails stops the others after their part: what is tried again begins alone
    const ends = await Promise.allSettled(
      Array.from({ length: atOnce }, () =>
        work().catch((error) => {
          left.length = 0
          throw error
        }),
      ),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}

function put(ticket: Target, file: Blob, signal: AbortSignal, onProgress: (sent: number, speed: number) => void) {
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
