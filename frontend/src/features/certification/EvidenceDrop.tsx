import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { FileDrop } from '../../shared/ui/FileDrop'
import { useParts } from './partsWords'

export function EvidenceDrop({ onFile }: { onFile: (id: string) => void }) {
  const t = useParts()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'evidence')
  const queue = useFileUploads('evidence', async (file) => onFile(file.id))
  return <FileDrop queue={queue} what={t.check.addEvidence} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
}
