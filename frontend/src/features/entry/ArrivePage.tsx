import { useEffect, useRef, useState } from 'react'
import { explain } from '../../shared/api/problem'
import { useEnter } from '../../shared/lib/enter'
import { LinkButton } from '../../shared/ui/Button'
import { PublicFrame } from '../../shared/ui/PublicFrame'
import { Skeleton } from '../../shared/ui/States'
import { arrive } from './queries'
import { useEntry } from './words'

/** Where a sign-in service sends people back to. */
export function ArrivePage() {
  const t = useEntry()
  // As they came: the router would read digits as a number.
  const [{ state, code }] = useState(() => {
    const query = new URLSearchParams(location.search)
    return { state: query.get('state'), code: query.get('code') }
  })
  const enter = useEnter()
  const [refusal, setRefusal] = useState(state && code ? '' : t.arrive.cancelled)
  const started = useRef(false)
  useEffect(() => {
    if (started.current || !state || !code) return
    started.current = true
    // The code works once and must not stay in the history.
    history.replaceState(null, '', location.pathname)
    arrive(state, code)
      .then(({ back }) => enter(back))
      .catch((error) => setRefusal(explain(error)))
  })
  return (
    <PublicFrame title={refusal ? t.arrive.failed : t.arrive.title} sub={refusal ? undefined : t.arrive.sub}>
      {refusal ? (
        <>
          <p role="alert" className="mb-5">
            {refusal}
          </p>
          <LinkButton to="/signin" variant="primary">
            {t.arrive.toSignIn}
          </LinkButton>
        </>
      ) : (
        <Skeleton rows={3} />
      )}
    </PublicFrame>
  )
}
