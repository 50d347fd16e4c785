import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { base64 } from '../../shared/lib/bytes'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { ExportLink } from '../../shared/ui/ExportLink'
import { toast } from '../../shared/ui/Toast'
import { TriggerButton } from '../../shared/ui/TriggerButton'
import { type Element, type MenuRead, type MenuRules, readMenu } from './queries'
import { useSolutions } from './words'

const most = 1_000_000

type Props = {
  version: string
  name: string
  elements: Element[]
  menu: MenuRules
  onTake: (read: MenuRead) => void
}

/** The menu out as a workbook or JSON, and in again: first what the file says and what is wrong with it, then into the draft. */
export default function MenuFile({ version, name, elements, menu, onTake }: Props) {
  const t = useSolutions().menu
  const common = useCommon()
  const [read, setRead] = useState<MenuRead>()
  const write = useWrite({
    run: (content: string, { headers }) => readMenu(content, headers),
    onDone: setRead,
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const pick = (files: FileList | null) => {
    const file = files?.[0]
    if (!file) return
    if (file.size > most) toast(t.tooBig, { bad: true })
    else void base64(file).then(write.mutate)
  }
  const json = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify({ elements, menu }, null, 2)], { type: 'application/json' }))
    const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.json` })
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FileTrigger acceptedFileTypes={['.xlsx', '.json']} onSelect={pick}>
        <TriggerButton size="small" icon={<Upload size={15} aria-hidden />}>
          {t.read}
        </TriggerButton>
      </FileTrigger>
      <ExportLink path={`/api/versions/${version}/menu.xlsx`} filter={{}} />
      <Button size="small" variant="quiet" icon={<Download size={15} aria-hidden />} onPress={json}>
        JSON
      </Button>
      {read && (
        <Dialog
          isOpen
          role="alertdialog"
          title={
            read.faults.length
              ? t.faults(read.faults.length)
              : t.found(read.elements.length, read.menu.groups.length + read.menu.rules.length)
          }
          onClose={() => setRead(undefined)}
          footer={
            <>
              <Button onPress={() => setRead(undefined)}>{common.cancel}</Button>
              <Button
                variant="primary"
                isDisabled={read.elements.length === 0 || read.faults.some((one) => one.row)}
                onPress={() => {
                  onTake(read)
                  setRead(undefined)
                }}
              >
                {t.take}
              </Button>
            </>
          }
        >
          <p>{read.faults.length ? t.faultsWhy : t.foundWhy}</p>
          <ul className="mt-2 max-h-64 list-disc overflow-auto pl-5 text-cinnabar text-small">
            {read.faults.map((one) => (
              <li key={`${one.row}${one.field}${one.message}`}>
                {one.row ? t.row(one.row) : ''}
                {one.message}
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </div>
  )
}
