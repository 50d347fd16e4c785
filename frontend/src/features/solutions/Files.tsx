import { useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { optionsOf, useDomain, wordOf } from '../../shared/i18n/domain'
import { useFileUploads } from '../../shared/lib/files'
import { IconButton } from '../../shared/ui/Button'
import { FileDrop } from '../../shared/ui/FileDrop'
import { FileLine } from '../../shared/ui/FileLine'
import { Section } from '../../shared/ui/Layout'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { addFile, type FileKind, removeFile, type Version } from './queries'
import { useSolutions } from './words'

/** Files of a draft: say what they are, then drop them. */
export function Files({ version, editable }: { version: Version; editable: boolean }) {
  const t = useSolutions()
  const d = useDomain()
  const missing = version.needs.find((need) => !need.done && need.code in d.fileKind)?.code as FileKind | undefined
  // kept while files are on their way: changing it would start a new queue
  const [kind, setPicked] = useState<FileKind>(missing ?? 'package')
  const remove = useWrite({
    run: (id: string) => removeFile(version.id, id),
    touches: ['version'],
    onDone: () => toast(t.editor.removed),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <Section title={t.editor.files} sub={editable ? t.editor.filesSub : undefined}>
      <div id="files" className="scroll-mt-16">
        {editable && (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-3">
              <span className="text-small">{t.editor.fileKind}</span>
              <SegmentedControl
                label={t.editor.fileKind}
                items={optionsOf(d.fileKind)}
                value={kind}
                onChange={setPicked}
                className="max-w-full overflow-x-auto"
              />
            </div>
            <Drop key={kind} version={version.id} kind={kind} />
          </>
        )}
        {version.file_list.length > 0 && (
          <ul className="mt-4 divide-y divide-line rounded-card border border-line px-4">
            {version.file_list.map(({ file, kind: what }) => (
              <li key={file.id} className="py-3">
                <FileLine
                  file={file}
                  note={wordOf(d.fileKind, what)}
                  aside={
                    editable && (
                      <IconButton
                        label={`${t.editor.remove} ${file.name}`}
                        icon={<X size={16} aria-hidden />}
                        onPress={() => remove.mutateAsync(file.id)}
                      />
                    )
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

function Drop({ version, kind }: { version: string; kind: FileKind }) {
  const t = useSolutions()
  const client = useQueryClient()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'solution_file')
  const queue = useFileUploads('solution_file', async (file) => {
    await addFile(version, file.id, kind)
    await client.invalidateQueries({ queryKey: ['version'] })
    toast(t.editor.added)
  })
  return <FileDrop queue={queue} what={t.editor.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 2_000_000_000} />
}
