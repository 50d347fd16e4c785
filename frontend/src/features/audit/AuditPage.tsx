import { list } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { pagesQuery, usePages } from '../../shared/api/pages'
import { useRoleName } from '../../shared/i18n/common'
import { useActor, useDid } from '../../shared/i18n/did'
import { type StateOf, useDomain, wordOf } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { Time } from '../../shared/ui/Text'
import { useAudit } from './words'

type Filter = { resource?: string; resource_id?: string; person?: string; from?: string; to?: string; q?: string }
type Entry = Schemas['AuditEntry']

const auditQuery = (filter: Filter) =>
  pagesQuery(['audit', filter], (cursor, signal) => list<Schemas['PageAuditEntry']>('/api/audit', { ...filter, cursor, limit: 50 }, signal))

export function AuditPage() {
  const t = useAudit()
  const [filter] = useFilters<Filter>()
  return (
    <Page width="full" fill>
      <PageHeader title={t.title} sub={t.sub} actions={<ExportLink path="/api/audit/export.xlsx" filter={filter} />} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

function List() {
  const t = useAudit()
  const d = useDomain()
  const roleName = useRoleName()
  const { did: verbs } = useDid()
  const named = useActor()
  const [filter, set] = useFilters<Filter>()
  const entries = usePages(auditQuery(filter))
  // another unit's own role has no name here
  const member = (code: string) => t.members[code] ?? (/^[0-9a-f-]{36}$/.test(roleName(code)) ? t.ownRole : roleName(code))
  const state = (entry: Entry, code = '') => {
    if (entry.resource === 'role') return code && t.permissions(code.split(',').length)
    if (entry.resource === 'member' || entry.resource === 'access_review') return code ? code.split(',').map(member).join('、') : ''
    const [first = '', ...rest] = code.split(' ')
    return [wordOf({ ...t.changes, ...d.states[entry.resource as StateOf] }, first), ...rest].join(' ').trim()
  }
  const did = (entry: Entry) => {
    const verb = entry.action.split('.').at(-1) ?? entry.action
    return verbs[verb] ?? verb
  }
  const columns: Column<Entry>[] = [
    { id: 'at', header: t.columns.at, isFixed: true, cell: (entry) => <Time value={entry.at} className="text-ink-3" /> },
    {
      id: 'who',
      header: t.columns.who,
      cell: (entry) => (
        <>
          {named(entry.actor_name) || d.system}
          {entry.on_behalf && <span className="text-amber"> {t.onBehalf(entry.on_behalf)}</span>}{' '}
          <span className="text-ink-3">{entry.tenant_name}</span>
        </>
      ),
    },
    { id: 'did', header: t.columns.did, cell: did },
    { id: 'what', header: t.columns.what, cell: (entry) => wordOf(t.resources, entry.resource) },
    { id: 'label', header: t.columns.label, cell: (entry) => entry.label },
    {
      id: 'change',
      header: t.columns.change,
      cell: (entry) => [state(entry, entry.from), state(entry, entry.to)].filter(Boolean).join(' → '),
    },
    { id: 'reason', header: t.columns.reason, cell: (entry) => <span title={entry.reason}>{entry.reason}</span> },
    { id: 'address', header: t.columns.address, cell: (entry) => <span className="num text-ink-3">{entry.address}</span> },
    { id: 'seq', header: t.columns.seq, align: 'end', cell: (entry) => <span className="text-ink-3">{entry.seq}</span> },
  ]
  return (
    <DataTable
      id="audit"
      label={t.title}
      columns={columns}
      rows={entries.rows}
      rowKey={(entry) => String(entry.seq)}
      hasMore={entries.hasMore}
      onMore={entries.onMore}
      card={(entry) => (
        <div className="p-4">
          <p>
            <span className="font-medium">{named(entry.actor_name) || d.system}</span>
            {entry.on_behalf && <span className="text-amber"> {t.onBehalf(entry.on_behalf)}</span>} {did(entry)}{' '}
            {wordOf(t.resources, entry.resource)} <span className="font-medium">{entry.label}</span>
          </p>
          {entry.reason && <p className="text-ink-2 text-small">{entry.reason}</p>}
          <Time value={entry.at} className="text-ink-3 text-meta" />
        </div>
      )}
      toolbar={
        <>
          <NativeSelect
            label={t.what}
            hideLabel
            className="w-40"
            value={filter.resource ?? 'all'}
            onChange={(resource) => set({ resource: resource === 'all' ? undefined : resource, resource_id: undefined })}
            options={[{ id: 'all', label: t.all }, ...Object.entries(t.resources).map(([id, label]) => ({ id, label }))]}
          />
          <SearchField label={t.person} value={filter.person ?? ''} onChange={(person) => set({ person })} className="max-w-44 basis-32" />
          <DateField label={t.from} value={filter.from} onChange={(from) => set({ from })} />
          <DateField label={t.to} value={filter.to} onChange={(to) => set({ to })} />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        <EmptyState
          title={t.empty}
          action={
            <Button
              onPress={() =>
                set({ resource: undefined, resource_id: undefined, person: undefined, from: undefined, to: undefined, q: undefined })
              }
            >
              {t.clear}
            </Button>
          }
        >
          {t.emptyWhy}
        </EmptyState>
      }
    />
  )
}

/** The browser's own day field: light, and known on every phone. */
function DateField({ label, value, onChange }: { label: string; value?: string; onChange: (value?: string) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-ink-3 text-small">
      {label}
      <input
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
        className="field num px-2 text-ink"
      />
    </label>
  )
}
