import { X } from 'lucide-react'
import type { Schemas } from '../../shared/api/client'
import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { IconButton } from '../../shared/ui/Button'
import { FileDrop } from '../../shared/ui/FileDrop'
import { FileLine } from '../../shared/ui/FileLine'
import { Section } from '../../shared/ui/Layout'
import { useOverlays } from './words'

type File = Schemas['File']

export function LocalFiles({ files, onFiles }: { files: File[]; onFiles?: ((change: (files: File[]) => File[]) => void) | undefined }) {
  const t = useOverlays()
  if (!files.length && !onFiles) return null
  return (
    <Section title={t.files}>
      {files.length > 0 && (
        <ul className="mb-4 flex flex-col gap-3">
          {files.map((file) => (
            <li key={file.id} className="flex items-center justify-between gap-3">
              <FileLine file={file} />
              {onFiles && (
                <IconButton
                  label={t.remove(file.name)}
                  icon={<X size={16} aria-hidden />}
                  onPress={() => onFiles((all) => all.filter((one) => one.id !== file.id))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {onFiles && <Drop onFile={(file) => onFiles((all) => [...all, file])} />}
    </Section>
  )
}

function Drop({ onFile }: { onFile: (file: File) => void }) {
  const t = useOverlays()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'offer_file')
  const queue = useFileUploads('offer_file', async (file) => onFile(file))
  return <FileDrop queue={queue} what={t.filesWhat} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
}
