import { usePages } from '../../shared/api/pages'
import { useMe } from '../../shared/api/session'
import { formatCount } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EmptyState } from '../../shared/ui/States'
import { Tag, type Tone } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { type Trial, trialsQuery } from './queries'
import { useTrials } from './words'

export function TrialsPage() {
  const t = useTrials()
  return (
    <Page width="full" fill>
      <PageHeader title={t.title} sub={t.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

const tones: Record<Trial['state'], Tone> = { asked: 'amber', granted: 'jade', refused: 'cinnabar', withdrawn: 'neutral', ended: 'neutral' }

function List() {
  const t = useTrials()
  const list = usePages(trialsQuery)
  const firm = useMe().membership.tenant_kind === 'partner'
  const state = (row: Trial) => <Tag tone={tones[row.state]}>{t.states[row.state]}</Tag>
  const acts = (row: Trial) => <Decide row={row} />
  const columns: Column<Trial>[] = [
    {
      id: 'who',
      header: t.columns.who,
      isFixed: true,
      cell: (row) => (
        <>
          {row.user_name} <span className="text-ink-3">{row.tenant_name}</span>
        </>
      ),
    },
    { id: 'solution', header: t.columns.solution, cell: (row) => row.label },
    { id: 'reason', header: t.columns.reason, cell: (row) => row.note || row.reason },
    { id: 'state', header: t.columns.state, cell: state },
    { id: 'until', header: t.columns.until, cell: (row) => (row.ends_at ? <Time value={row.ends_at} /> : '-') },
    { id: 'opens', header: t.columns.opens, align: 'end', cell: (row) => formatCount(row.opens) },
    { id: 'last', header: t.columns.last, cell: (row) => (row.last_at ? <Time value={row.last_at} /> : '-') },
  ]
  if (firm)
    columns.push(
      { id: 'code', header: t.columns.code, cell: (row) => <span className="num">{row.code ?? '-'}</span> },
      { id: 'act', header: t.columns.act, cell: acts },
    )
  return (
    <DataTable
      id="trials"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <div className="flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.user_name}</span>
            {state(row)}
          </span>
          <span className="text-ink-3 text-small">
            {row.label} · {row.reason}
          </span>
          {acts(row)}
        </div>
      )}
      empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>}
    />
  )
}

function Decide({ row }: { row: Trial }) {
  const t = useTrials()
  return (
    <Actions
      resource="trials"
      id={row.id}
      allowed={row.actions.filter((action) => action !== 'open')}
      acts={[
        { id: 'grant', label: t.acts.grant, done: t.done.grant },
        { id: 'refuse', label: t.acts.refuse, done: t.done.refuse, ask: { title: t.ask.refuse, reason: 'required' } },
        {
          id: 'withdraw',
          label: t.acts.withdraw,
          done: t.done.withdraw,
          isDanger: true,
          ask: { title: t.ask.withdraw, reason: 'required' },
        },
      ]}
      primary={[]}
      size="small"
      touches={['trial', 'home']}
    />
  )
}
