import { useRouter } from '@tanstack/react-router'
import {
  BadgeCheck,
  Boxes,
  Building2,
  CalendarCheck2,
  CircleDot,
  Copy,
  Factory,
  FileCheck2,
  FileInput,
  FileText,
  FlaskConical,
  Handshake,
  Headset,
  House,
  LayoutGrid,
  ListChecks,
  LockKeyhole,
  type LucideIcon,
  Megaphone,
  Package,
  ReceiptText,
  RotateCw,
  ScrollText,
  ShieldCheck,
  Stamp,
  Store,
  TrendingUp,
  Truck,
  UsersRound,
  Wallet,
} from 'lucide-react'
import { type Me, useMe } from '../shared/api/session'
import type { zh } from './zh'

export type NavEntry = {
  id: keyof typeof zh.nav
  to: string
  icon: LucideIcon
  group: keyof typeof zh.groups
  /** Any one of these opens it; none asked means everybody. */
  needs?: string[]
  kinds?: ('province' | 'city' | 'partner')[]
  /** Rank for the phone's bottom bar of four. */
  phone?: number
}

const table: NavEntry[] = [
  { id: 'home', to: '/', icon: House, group: 'work', phone: 1 },
  {
    id: 'reviews',
    to: '/reviews',
    icon: ListChecks,
    group: 'work',
    needs: ['listing:approve'],
    phone: 2,
  },
  { id: 'market', to: '/market', icon: LayoutGrid, group: 'work', needs: ['market:read'], phone: 2.5 },
  { id: 'solutions', to: '/solutions', icon: Package, group: 'work', needs: ['solution:write'], phone: 2 },
  { id: 'trials', to: '/trials', icon: FlaskConical, group: 'work', needs: ['solution:write', 'certification:approve'] },
  { id: 'certifications', to: '/certifications', icon: BadgeCheck, group: 'work', needs: ['certification:read'], phone: 4 },
  { id: 'test_plans', to: '/certification-plans', icon: ScrollText, group: 'work', needs: ['certification:plan_read'] },
  { id: 'listings', to: '/listings', icon: Store, group: 'work', needs: ['listing:read'], phone: 8 },
  { id: 'graduations', to: '/graduations', icon: TrendingUp, group: 'work', needs: ['graduation:read'], phone: 7 },
  { id: 'rollouts', to: '/rollouts', icon: ListChecks, group: 'work', needs: ['rollout:read'], phone: 3.5 },
  { id: 'productMap', to: '/product-map', icon: CircleDot, group: 'work', needs: ['map:read'] },
  { id: 'deals', to: '/deals', icon: Handshake, group: 'sale', needs: ['deal:read'], phone: 3 },
  { id: 'accounts', to: '/accounts', icon: Building2, group: 'sale', needs: ['account:read'], phone: 6 },
  { id: 'coverage', to: '/coverage', icon: TrendingUp, group: 'sale', needs: ['account:read_all'] },
  { id: 'duplicates', to: '/duplicates', icon: Copy, group: 'sale', needs: ['account:suspects'] },
  { id: 'territories', to: '/territories', icon: ListChecks, group: 'sale', needs: ['territory:write'] },
  { id: 'accuracy', to: '/accuracy', icon: CircleDot, group: 'sale', needs: ['accuracy:read'], phone: 5.5 },
  { id: 'orders', to: '/orders', icon: ReceiptText, group: 'sale', needs: ['order:read'], phone: 9 },
  { id: 'bundles', to: '/bundles', icon: Boxes, group: 'sale', needs: ['quote:write', 'promotion:write'] },
  {
    id: 'groups',
    to: '/group-purchases',
    icon: UsersRound,
    group: 'sale',
    needs: ['quote:write', 'promotion:write'],
  },
  { id: 'promotions', to: '/promotions', icon: Megaphone, group: 'work', needs: ['promotion:write'] },
  { id: 'discounts', to: '/quotes', icon: Stamp, group: 'sale', needs: ['quote:approve'] },
  { id: 'deliveries', to: '/deliveries', icon: Truck, group: 'sale', needs: ['delivery:read'], phone: 4.5 },
  { id: 'tickets', to: '/tickets', icon: Headset, group: 'sale', needs: ['ticket:read'], phone: 4.2 },
  { id: 'commissions', to: '/commission', icon: Wallet, group: 'money', needs: ['commission:read'], phone: 4 },
  { id: 'plans', to: '/plans', icon: ScrollText, group: 'money', needs: ['plan:read'] },
  { id: 'statements', to: '/statements', icon: FileCheck2, group: 'money', needs: ['statement:read'], phone: 6 },
  { id: 'payouts', to: '/payouts', icon: Wallet, group: 'money', needs: ['payout:read'] },
  { id: 'flags', to: '/flags', icon: ShieldCheck, group: 'money', needs: ['flag:read'] },
  { id: 'payee', to: '/payee', icon: Building2, group: 'money', needs: ['statement:read'], kinds: ['partner'] },
  { id: 'settlement', to: '/periods', icon: CalendarCheck2, group: 'money', needs: ['period:read'] },
  { id: 'feeds', to: '/feeds', icon: FileInput, group: 'money', needs: ['commission:send', 'usage:send'] },
  { id: 'partner', to: '/partner', icon: Factory, group: 'manage', needs: ['partner:read_own'], kinds: ['partner'], phone: 11 },
  {
    id: 'partners',
    to: '/partners',
    icon: Factory,
    group: 'manage',
    needs: ['partner:vet', 'partner:read'],
    kinds: ['province', 'city'],
    phone: 5,
  },
  { id: 'tiers', to: '/tiers', icon: TrendingUp, group: 'manage', needs: ['tier:read'], kinds: ['province'] },
  { id: 'members', to: '/members', icon: UsersRound, group: 'manage', needs: ['member:read'] },
  { id: 'imports', to: '/imports', icon: FileInput, group: 'manage', needs: ['account:import'] },
  { id: 'exports', to: '/exports', icon: FileText, group: 'manage', needs: ['account:read'] },
  { id: 'audit', to: '/audit', icon: ShieldCheck, group: 'manage', needs: ['audit:read'] },
  { id: 'providers', to: '/providers', icon: LockKeyhole, group: 'manage', needs: ['provider:read'] },
  { id: 'webhooks', to: '/webhooks', icon: RotateCw, group: 'manage', needs: ['webhook:read'] },
]

const allows = ({ needs, kinds }: NavEntry, { permissions, membership }: Me) =>
  (!needs || needs.some((one) => permissions.includes(one))) && (!kinds || kinds.includes(membership.tenant_kind))

/** Where a switch of tenant ends: the page one was on, if it is a list that exists there too, else home. */
export const stay = (me: Me) => (table.some((entry) => entry.to === location.pathname && allows(entry, me)) ? location.pathname : '/')

/** What this person may open, of the pages that exist. */
export function useNav() {
  const me = useMe()
  const routes = useRouter().routesByPath as unknown as Record<string, unknown>
  const entries = table.filter((entry) => entry.to in routes && allows(entry, me))
  const phone = entries
    .filter((entry) => entry.phone)
    .sort((a, b) => (a.phone ?? 0) - (b.phone ?? 0))
    .slice(0, 4)
  return { entries, phone }
}
