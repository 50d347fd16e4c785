import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { FileDrop } from '../../shared/ui/FileDrop'
import { useDeals } from './words'

export default function Proof({ onFile }: { onFile: (id: string) => void }) {
  const t = useDeals().new
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'deal_evidence')
  const queue = useFileUploads('deal_evidence', async (file) => onFile(file.id))
  return (
    <div>
      <p className="mb-1.5 text-small">
        {t.files} <span className="text-ink-3">{t.filesHelp}</span>
      </p>
      <FileDrop queue={queue} what={t.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
    </div>
  )
}
