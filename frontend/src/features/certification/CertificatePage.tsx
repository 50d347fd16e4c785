import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { BadgeCheck, CircleX, Clock, Pause } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { ApiProblem } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { Banner } from '../../shared/ui/Record'
import { ErrorState, Skeleton } from '../../shared/ui/States'
import { CertificateFacts } from './CertificateCard'
import { useParts } from './partsWords'
import { certificateQuery } from './queries'

const Criteria = lazy(() => import('./Criteria'))

const looks = {
  valid: ['jade', BadgeCheck],
  expired: ['amber', Clock],
  revoked: ['cinnabar', CircleX],
  suspended: ['amber', Pause],
} as const

/** Anyone may check a certificate, without signing in. */
export function CertificatePage() {
  const { cert: t } = useParts()
  const navigate = useNavigate()
  const { number } = useParams({ strict: false }) as { number: string }
  const { data: certificate, error, isPending, refetch } = useQuery(certificateQuery(number))
  const [typed, setTyped] = useState(number)
  const missing = error instanceof ApiProblem && error.status === 404
  const [tone, Icon] = certificate ? looks[certificate.state] : looks.revoked
  return (
    <PublicFrame title={t.title} sub={t.sub}>
      <form
        className="mb-6 flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim()) void navigate({ to: `/certificate/${encodeURIComponent(typed.trim())}` as string })
        }}
      >
        <TextField className="flex-1" label={t.input} value={typed} onChange={setTyped} autoComplete="off" />
        <Button type="submit">{t.check}</Button>
      </form>
      {isPending && <Skeleton rows={5} />}
      {missing && (
        <Banner tone="cinnabar" icon={<CircleX size={18} aria-hidden />} title={t.missing}>
          {t.missingWhy}
        </Banner>
      )}
      {error && !missing && <ErrorState error={error} onRetry={() => refetch()} />}
      {certificate && (
        <>
          <Banner tone={tone} icon={<Icon size={18} aria-hidden />} title={t[certificate.state]}>
            {t[`${certificate.state}Why`]} {certificate.conditional && t.conditional}
          </Banner>
          <CertificateFacts certificate={certificate} />
          <Suspense fallback={<Skeleton rows={5} />}>
            <Criteria number={certificate.number} />
          </Suspense>
        </>
      )}
    </PublicFrame>
  )
}
