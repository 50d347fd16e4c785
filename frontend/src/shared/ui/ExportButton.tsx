import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { send } from '../api/act'
import { api, data, type Schemas } from '../api/client'
import { explain } from '../api/problem'
import { defineDict } from '../i18n'
import { useDomain } from '../i18n/domain'
import { Button } from './Button'
import { toast } from './Toast'

/** Fetches a finished workbook. */
export async function download(id: string) {
  const { url } = await data(api.GET('/api/exports/{id}/link', { params: { path: { id } } }))
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

// of its own: only lists with a workbook carry them
const useWords = defineDict({ later: '数据较多，生成后可在「导出中心」下载' }, () =>
  Promise.resolve({ default: { later: 'There is a lot: fetch it from the export centre once it is made' } }),
)

const patience = 20_000

/** The list as a workbook, filtered as it is on the screen. A small one comes by itself; a large one waits in the export centre. */
export function ExportButton({ list, filter }: { list: string; filter: object }) {
  const t = useDomain()
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const attempt = useRef(crypto.randomUUID())
  const run = async () => {
    setBusy(true)
    try {
      const query = new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value ? [[key, String(value)]] : []))).toString()
      let one = await send<Schemas['Export']>('POST', '/api/exports', { list, query }, { 'Idempotency-Key': attempt.current })
      const until = Date.now() + patience
      while ((one.state === 'queued' || one.state === 'running') && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 600))
        one = await data(api.GET('/api/exports/{id}', { params: { path: { id: one.id } } }))
      }
      if (one.state === 'done') await download(one.id)
      else if (one.state === 'failed') toast(one.reason || t.failed, { bad: true })
      else toast(words.later)
    } catch (error) {
      toast(explain(error), { bad: true })
    } finally {
      attempt.current = crypto.randomUUID()
      setBusy(false)
    }
  }
  return (
    <Button icon={<Download size={16} aria-hidden />} isPending={busy} onPress={() => void run()}>
      {t.export}
    </Button>
  )
}
