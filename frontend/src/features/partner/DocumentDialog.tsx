import { useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { FileDrop } from '../../shared/ui/FileDrop'
import { addDocument } from './queries'
import { usePartner } from './words'

type Props = { partner: string; rule: Schemas['DocumentRule']; name: string; onDone: () => Promise<unknown>; onClose: () => void }

/** One document: its expiry first, then the file, which is attached as soon as it has arrived. */
export default function DocumentDialog({ partner, rule, name, onDone, onClose }: Props) {
  const t = usePartner()
  const [expires, setExpires] = useState<string | null>(null)
  return (
    <Dialog isOpen onClose={onClose} title={t.uploadTitle(name)} size="medium">
      <div className="flex flex-col gap-4">
        {rule.expires && (
          <DatePicker
            label={t.expires}
            description={t.expiresHelp}
            value={expires}
            onChange={setExpires}
            min={new Date().toISOString().slice(0, 10)}
          />
        )}
        {rule.expires && !expires ? (
          <p className="rounded-card border border-line-strong border-dashed bg-sunken px-6 py-9 text-center text-ink-3">
            {t.expiresFirst}
          </p>
        ) : (
          <Drop
            key={expires}
            attach={async (file_id) => {
              await addDocument(partner, { kind: rule.kind, file_id, expires_on: expires ?? undefined })
              await onDone()
            }}
          />
        )}
      </div>
    </Dialog>
  )
}

function Drop({ attach }: { attach: (fileId: string) => Promise<unknown> }) {
  const t = usePartner()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'partner_document')
  const queue = useFileUploads('partner_document', (file) => attach(file.id))
  return <FileDrop queue={queue} what={t.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
}
