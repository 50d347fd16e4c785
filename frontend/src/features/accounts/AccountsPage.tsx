import { Link } from '@tanstack/react-router'
import { FileInput, Plus } from 'lucide-react'
import { useState } from 'react'
import { usePages } from '../../shared/api/pages'
import { useReference } from '../../shared/api/reference'
import { useCan, useMe } from '../../shared/api/session'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportButton } from '../../shared/ui/ExportButton'
import type { Facet } from '../../shared/ui/FacetList'
import { FilterBar } from '../../shared/ui/FilterBar'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { useTotal } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { useBulk } from './Bulk'
import { type AccountRow, accountsQuery, type Filter } from './queries'
import { Score } from './Score'
import { filterKeys, Views } from './Views'
import { useAccounts } from './words'

export function AccountsPage() {
  return (
    <Page width="full" fill>
      <Part>
        <List />
      </Part>
    </Page>
  )
}

function useFacets(filter: Filter): Facet[] {
  const t = useAccounts()
  const d = useDomain()
  const { membership } = useMe()
  const { reference, options } = useReference()
  const own = membership.tenant_kind === 'city' ? membership.tenant_code : filter.city
  const districts = reference.cities.find((city) => city.code === own)?.districts ?? []
  const facet = (id: keyof Filter & keyof typeof t.facets, choices: Facet['options']): Facet => ({
    id,
    label: t.facets[id],
    options: choices,
    value: filter[id] ? [filter[id]] : [],
  })
  return [
    ...(membership.tenant_kind === 'city'
      ? []
      : [
          facet(
            'city',
            reference.cities.map((city) => ({ id: city.code, label: city.name })),
          ),
        ]),
    ...(districts.length
      ? [
          facet(
            'district',
            districts.map((one) => ({ id: one.code, label: one.name })),
          ),
        ]
      : []),
    facet('kind', optionsOf(d.accountKind)),
    facet(
      'tier',
      ['A1', 'A2', 'B1', 'B2', 'C'].map((id) => ({ id, label: id })),
    ),
    facet('industry', options(reference.industries)),
    ...(membership.tenant_kind === 'city' ? [facet('owner', optionsOf(t.owners))] : []),
    ...(membership.tenant_kind === 'partner'
      ? []
      : [
          facet('existing', optionsOf(t.existings)),
          facet('quality', optionsOf(t.qualities)),
          facet(
            'target',
            [0, 1, 2].map((back) => String(new Date().getFullYear() - back)).map((id) => ({ id, label: id })),
          ),
          ...(filter.target ? [facet('segment', optionsOf(t.segments))] : []),
        ]),
  ]
}

function List() {
  const t = useAccounts()
  const d = useDomain()
  const can = useCan()
  const total = useTotal()
  const { membership } = useMe()
  const { reference, name } = useReference()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(accountsQuery(filter))
  const facets = useFacets(filter)
  const districts = new Map(reference.cities.flatMap((city) => city.districts.map((one) => [one.code, `${city.name} ${one.name}`])))
  const place = (row: AccountRow) => districts.get(row.district_code) ?? row.district_code
  const partner = membership.tenant_kind === 'partner'
  const bulk = useBulk(filter, list.total)
  const [view, setView] = useState('')
  const columns: Column<AccountRow>[] = [
    {
      id: 'name',
      header: t.columns.name,
      isFixed: true,
      cell: (row) => (
        <Link to={`/accounts/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.name}
        </Link>
      ),
    },
    { id: 'code', header: t.columns.code, cell: (row) => <span className="num text-ink-3">{row.credit_code}</span> },
    { id: 'kind', header: t.columns.kind, cell: (row) => d.accountKind[row.kind] },
    { id: 'tier', header: t.columns.tier, cell: (row) => row.tier },
    { id: 'industry', header: t.columns.industry, cell: (row) => name(reference.industries, row.industry) },
    { id: 'place', header: t.columns.place, cell: place },
    { id: 'owner', header: t.columns.owner, cell: (row) => row.owner_name || <span className="text-ink-3">{t.unowned}</span> },
    {
      id: 'existing',
      header: t.columns.existing,
      cell: (row) => <Tag tone={row.existing ? 'jade' : 'neutral'}>{row.existing ? t.existing : t.potential}</Tag>,
    },
    ...(partner
      ? []
      : [{ id: 'quality', header: t.columns.quality, align: 'end' as const, cell: (row: AccountRow) => <Score value={row.quality} /> }]),
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const clear = () => set(Object.fromEntries(filterKeys.map((key) => [key, undefined])))
  const filtered = !!filter.q || facets.some((facet) => facet.value.length)
  const creating = can('account:write') && (
    <LinkButton to={'/accounts/new' as string} variant="primary" icon={<Plus size={16} aria-hidden />}>
      {t.create}
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title={t.title}
        sub={t.sub(total(list.total, list.estimated))}
        actions={
          <>
            <ExportButton list="accounts" filter={filter} />
            {can('account:import') && (
              <LinkButton to={'/imports' as string} icon={<FileInput size={16} aria-hidden />}>
                {t.importing}
              </LinkButton>
            )}
            {creating}
          </>
        }
      />
      <DataTable
        key={view}
        id="accounts"
        selection={bulk.selection}
        onSelection={bulk.onSelection}
        bulk={bulk.buttons}
        label={t.title}
        columns={columns}
        rows={list.rows}
        rowKey={(row) => row.id}
        href={(row) => `/accounts/${row.id}`}
        hasMore={list.hasMore}
        onMore={list.onMore}
        card={(row) => (
          <Link to={`/accounts/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
            <span className="flex items-start justify-between gap-3">
              <span className="font-medium">{row.name}</span>
              <Tag>{row.tier}</Tag>
            </span>
            <span className="text-ink-3 text-small">
              {name(reference.industries, row.industry)} · {place(row)} · {row.owner_name || t.unowned}
            </span>
          </Link>
        )}
        toolbar={
          <FilterBar
            search={{ label: t.search, value: filter.q ?? '', onChange: (q) => set({ q }) }}
            facets={facets}
            // one value of each: the last one chosen
            onFacet={(id, value) =>
              set({
                [id]: value.at(-1),
                ...(id === 'city' ? { district: undefined } : {}),
                ...(id === 'target' ? { segment: undefined } : {}),
              })
            }
          >
            <SegmentedControl
              label={t.sort}
              value={(filter.sort ?? 'name') as keyof typeof t.sorts}
              onChange={(sort) => set({ sort: sort === 'name' ? undefined : sort })}
              items={optionsOf(t.sorts).filter((one) => !partner || one.id !== 'quality')}
            />
            <Views filter={filter} onPick={setView} />
          </FilterBar>
        }
        empty={
          filtered ? (
            <EmptyState title={t.noMatch} action={<Button onPress={clear}>{t.clear}</Button>}>
              {t.noMatchWhy}
            </EmptyState>
          ) : (
            <EmptyState title={partner ? t.emptyPartner : t.empty}>{partner ? t.emptyPartnerWhy : t.emptyWhy}</EmptyState>
          )
        }
      />
    </>
  )
}
