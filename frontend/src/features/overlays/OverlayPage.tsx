import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy } from 'react'
import { RecordPage } from '../../shared/ui/Record'
import { overlayAtQuery, overlayQuery } from './queries'

const Terms = lazy(() => import('./Terms'))

/** One overlay, for whoever may read it. */
export function OverlayPage() {
  return (
    <RecordPage>
      <Known />
    </RecordPage>
  )
}

/** The own city's overlay on an offer, also before there is one. */
export function OfferOverlayPage() {
  return (
    <RecordPage>
      <OfOffer />
    </RecordPage>
  )
}

function Known() {
  const { id } = useParams({ strict: false }) as { id: string }
  const overlay = useSuspenseQuery(overlayQuery(id)).data
  return <Terms key={overlay.version} overlay={overlay} />
}

function OfOffer() {
  const { id } = useParams({ strict: false }) as { id: string }
  const overlay = useSuspenseQuery(overlayAtQuery(id)).data
  return <Terms key={overlay.version} overlay={overlay} />
}
