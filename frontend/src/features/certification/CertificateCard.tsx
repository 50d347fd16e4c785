import { Link } from '@tanstack/react-router'
import { BadgeCheck } from 'lucide-react'
import type { Schemas } from '../../shared/api/client'
import { Facts } from '../../shared/ui/Layout'
import { State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'

export function CertificateFacts({ certificate }: { certificate: Schemas['Certificate'] }) {
  const { cert } = useParts()
  return (
    <>
      <Facts
        items={[
          { label: cert.number, value: certificate.number },
          { label: cert.solution, value: `${certificate.solution_name} ${certificate.semver}` },
          { label: cert.partner, value: certificate.partner_name },
          { label: cert.issued, value: <Time value={certificate.issued_at} as="date" /> },
          { label: cert.until, value: <Time value={certificate.valid_until} as="date" /> },
        ]}
      />
      <p className="mt-3 text-ink-3 text-meta">{cert.hash}</p>
      <code className="block break-all text-meta">{certificate.content_hash}</code>
      <a
        href={`/api/certificates/${encodeURIComponent(certificate.number)}/certificate.pdf`}
        download
        className="mt-3 inline-block text-accent-text hover:underline"
      >
        {cert.pdf}
      </a>
    </>
  )
}

export function CertificateCard({ certificate }: { certificate: Schemas['Certificate'] }) {
  const { cert, certificate: title } = useParts()
  return (
    <div className="mb-8 rounded-card border border-gilt-line bg-gilt-soft p-4">
      <div className="mb-3 flex items-center justify-between gap-3">
        <h2 className="flex items-center gap-2 font-semibold text-gilt">
          <BadgeCheck size={18} aria-hidden />
          {title}
        </h2>
        <State of="certificate" value={certificate.state} />
      </div>
      {certificate.conditional && <p className="mb-2 text-amber text-small">{cert.conditional}</p>}
      <CertificateFacts certificate={certificate} />
      <Link to={`/certificate/${certificate.number}` as string} className="mt-1 block text-accent-text hover:underline">
        {cert.page}
      </Link>
    </div>
  )
}
