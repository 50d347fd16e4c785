import { CircleCheck, CircleX } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { useFileUploads } from '../../shared/lib/files'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { FileDrop } from '../../shared/ui/FileDrop'
import { addDocument } from './queries'
import { usePartner } from './words'

type Props = { partner: string; kind: Schemas['DocumentKind']; name: string; onDone: () => Promise<unknown>; onClose: () => void }

/** One document: its expiry first, then the file, which is attached as soon as it has arrived. */
export default function DocumentDialog({ partner, kind, name, onDone, onClose }: Props) {
  const t = usePartner()
  const lang = useLocale()
  const [expires, setExpires] = useState<string | null>(null)
  return (
    <Dialog isOpen onClose={onClose} title={t.uploadTitle(name)} size="medium">
      <div className="flex flex-col gap-4">
        <dl className="grid gap-3 md:grid-cols-2">
          <Sample icon={<CircleCheck size={16} className="text-jade" aria-hidden />} label={t.good} text={kind.good[lang]} />
          <Sample icon={<CircleX size={16} className="text-cinnabar" aria-hidden />} label={t.bad} text={kind.bad[lang]} bad />
        </dl>
        {kind.expires && (
          <DatePicker
            label={t.expires}
            description={kind.min_days ? `${t.minDays(kind.min_days)} ${t.expiresHelp}` : t.expiresHelp}
            value={expires}
            onChange={setExpires}
            min={new Date(Date.now() + kind.min_days * 86_400_000).toISOString().slice(0, 10)}
          />
        )}
        {kind.expires && !expires ? (
          <p className="rounded-card border border-line-strong border-dashed bg-sunken px-6 py-9 text-center text-ink-3">
            {t.expiresFirst}
          </p>
        ) : (
          <Drop
            key={expires}
            attach={async (file_id) => {
              await addDocument(partner, { kind: kind.code, file_id, expires_on: expires ?? undefined })
              await onDone()
            }}
          />
        )}
      </div>
    </Dialog>
  )
}

/** A drawn page, whole or with what is missing, beside what it says. */
function Sample({ icon, label, text, bad }: { icon: ReactNode; label: string; text: string; bad?: boolean }) {
  return (
    <div className="flex gap-3 rounded-card border border-line bg-sunken p-3">
      <svg viewBox="0 0 40 52" width="40" height="52" className="shrink-0 text-line-strong" aria-hidden>
        <path
          d={bad ? 'M1 1h28l10 9v41H7z' : 'M1 1h38v50H1z'}
          fill="var(--sheet)"
          stroke="currentColor"
          strokeDasharray={bad ? '3 2' : undefined}
        />
        <path d="M8 11h24M8 18h24M8 25h16" stroke="currentColor" strokeWidth="2" />
        {!bad && <circle cx="27" cy="40" r="7" fill="none" stroke="var(--cinnabar)" strokeWidth="1.5" />}
      </svg>
      <div className="text-small">
        <dt className="flex items-center gap-1.5 font-medium text-ink">
          {icon}
          {label}
        </dt>
        <dd className="mt-0.5">{text}</dd>
      </div>
    </div>
  )
}

function Drop({ attach }: { attach: (fileId: string) => Promise<unknown> }) {
  const t = usePartner()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'partner_document')
  const queue = useFileUploads('partner_document', (file) => attach(file.id))
  return <FileDrop queue={queue} what={t.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
}
