import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { FileDrop } from '../../shared/ui/FileDrop'
import { useTickets } from './words'

export default function Attach({ onFile }: { onFile: (id: string) => void }) {
  const t = useTickets().raise
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'ticket_file')
  const queue = useFileUploads('ticket_file', async (file) => onFile(file.id))
  return <FileDrop queue={queue} what={t.files} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
}
