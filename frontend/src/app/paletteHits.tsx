import { useQuery } from '@tanstack/react-query'
import { Building2, Handshake, LayoutGrid } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { list } from '../shared/api/act'
import type { Schemas } from '../shared/api/client'
import { useCan } from '../shared/api/session'

type Hit = { id: string; label: string; detail?: string; icon: ReactNode; href: string }
type Section = { id: 'offers' | 'accounts' | 'deals'; hits: Hit[] }

function useSettled(text: string) {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 180)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** What the server finds for the text, of what this person may read. Answers to an older text are not shown, so they cannot be chosen. */
export function useLiveHits(text: string): { sections: Section[]; isSearching: boolean } {
  const can = useCan()
  const typed = text.trim()
  const q = useSettled(typed)
  const asked = q.length >= 2
  const search = <P,>(path: string, permission: string) => ({
    queryKey: ['palette', path, q],
    queryFn: ({ signal }: { signal: AbortSignal }) => list<P>(path, { q, limit: 5 }, signal),
    enabled: asked && can(permission),
    retry: false,
  })
  const offers = useQuery(search<Schemas['Market']>('/api/marketplace', 'market:read'))
  const accounts = useQuery(search<Schemas['PageAccountRow']>('/api/accounts', 'account:read'))
  const deals = useQuery(search<Schemas['PageDealRow']>('/api/deals', 'deal:read'))
  const current = asked && q === typed
  const isSearching = typed.length >= 2 && (!current || [offers, accounts, deals].some((query) => query.isFetching))
  if (!current) return { sections: [], isSearching }
  return {
    isSearching,
    sections: [
      {
        id: 'offers',
        hits: (offers.data?.items ?? []).map((one) => ({
          id: `offer-${one.id}`,
          label: one.name,
          detail: one.partner_name,
          icon: <LayoutGrid size={17} aria-hidden />,
          href: `/market/${one.id}`,
        })),
      },
      {
        id: 'accounts',
        hits: (accounts.data?.items ?? []).map((one) => ({
          id: `account-${one.id}`,
          label: one.name,
          detail: one.credit_code,
          icon: <Building2 size={17} aria-hidden />,
          href: `/accounts/${one.id}`,
        })),
      },
      {
        id: 'deals',
        hits: (deals.data?.items ?? []).map((one) => ({
          id: `deal-${one.id}`,
          label: one.account_name,
          detail: one.number,
          icon: <Handshake size={17} aria-hidden />,
          href: `/deals/${one.id}`,
        })),
      },
    ],
  }
}
