import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { applyTerritories, assignmentsQuery, membersQuery, type Territory, territoriesQuery, undoAssignment } from './queries'
import { useTerritories } from './words'

const RuleDialog = lazy(() => import('./RuleDialog'))
const Confirm = lazy(() => import('../../shared/ui/Dialog').then((module) => ({ default: module.ConfirmDialog })))

export function TerritoriesPage() {
  return (
    <RecordPage>
      <Rules />
      <Batches />
    </RecordPage>
  )
}

function useUndo() {
  const t = useTerritories()
  return useWrite({
    run: (id: string, { headers }) => undoAssignment(id, headers),
    touches: ['assignment', 'account', 'territory'],
    onDone: (back) => toast(t.undone(formatCount(back.accounts - back.kept))),
    onError: (error) => toast(explain(error), { bad: true }),
  })
}

function Rules() {
  const t = useTerritories()
  const rules = useSuspenseQuery(territoriesQuery).data.items
  const [open, setOpen] = useState<Territory | 'new'>()
  const [asking, setAsking] = useState<'some' | 'all'>()
  const undo = useUndo()
  const apply = useWrite({
    run: (all: boolean, { headers }) => applyTerritories(all, headers),
    touches: ['assignment', 'account', 'territory'],
    onDone: (done) => {
      setAsking(undefined)
      toast(t.applied(formatCount(done.accounts)), { ms: 15_000, undo: () => undo.mutateAsync(done.id) })
    },
    onError: (error) => {
      setAsking(undefined)
      toast(explain(error), { bad: true })
    },
  })
  const unowned = rules.reduce((sum, rule) => sum + rule.unowned, 0)
  return (
    <>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <>
            {rules.length > 0 && <Button onPress={() => setAsking('all')}>{t.applyAll}</Button>}
            {unowned > 0 && <Button onPress={() => setAsking('some')}>{t.apply}</Button>}
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen('new')}>
              {t.add}
            </Button>
          </>
        }
      />
      {rules.length === 0 ? (
        <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
      ) : (
        <ol className="mb-8 flex flex-col gap-3">
          {rules.map((rule, index) => (
            <RuleCard key={rule.id} rule={rule} index={index + 1} onEdit={() => setOpen(rule)} />
          ))}
        </ol>
      )}
      <Suspense>
        {open && <RuleDialog rule={open === 'new' ? undefined : open} next={rules.length + 1} onClose={() => setOpen(undefined)} />}
        {asking && (
          <Confirm
            isOpen
            onClose={() => setAsking(undefined)}
            title={asking === 'all' ? t.applyAllTitle : t.applyTitle(formatCount(unowned))}
            action={asking === 'all' ? t.applyAll : t.apply}
            onConfirm={() => apply.mutateAsync(asking === 'all')}
          >
            {t.applyWhy}
          </Confirm>
        )}
      </Suspense>
    </>
  )
}

function RuleCard({ rule, index, onEdit }: { rule: Territory; index: number; onEdit: () => void }) {
  const t = useTerritories()
  const d = useDomain()
  const { reference, name } = useReference()
  const members = useSuspenseQuery(membersQuery).data.items
  const districts = reference.cities.flatMap((city) => city.districts)
  const conditions = [
    [t.districts, rule.districts.map((code) => districts.find((one) => one.code === code)?.name ?? code)],
    [t.industries, rule.industries.map((code) => name(reference.industries, code))],
    [t.tiers, rule.tiers],
    [t.kinds, rule.kinds.map((kind) => (d.accountKind as Record<string, string>)[kind] ?? kind)],
  ] as [string, string[]][]
  return (
    <li className="rounded-card border border-line p-4">
      <div className="flex flex-wrap items-center gap-3">
        <span className="num text-ink-3">{index}</span>
        <span className="font-medium">{rule.name}</span>
        {!rule.active && <Tag>{t.off}</Tag>}
        <Button size="small" className="ml-auto" onPress={onEdit}>
          {t.edit}
        </Button>
      </div>
      <dl className="mt-3 grid gap-x-6 gap-y-1 text-small md:grid-cols-2">
        {conditions
          .filter(([, list]) => list.length > 0)
          .map(([label, list]) => (
            <div key={label} className="flex gap-2">
              <dt className="shrink-0 text-ink-3">{label}</dt>
              <dd>{list.join('、')}</dd>
            </div>
          ))}
        <div className="flex gap-2">
          <dt className="shrink-0 text-ink-3">{t.owners}</dt>
          <dd>{rule.owners.map((id) => members.find((one) => one.id === id)?.name ?? '?').join('、')}</dd>
        </div>
      </dl>
      <p className="num mt-2 text-ink-3 text-small">{t.decides(formatCount(rule.accounts), formatCount(rule.unowned))}</p>
    </li>
  )
}

function Batches() {
  const t = useTerritories()
  const items = useSuspenseQuery(assignmentsQuery).data.items
  const undo = useUndo()
  if (items.length === 0) return null
  return (
    <Section title={t.batches}>
      <MiniTable
        label={t.batches}
        head={[t.batch.via, t.batch.who, t.batch.accounts, t.batch.by, t.batch.at, '']}
        end={[2]}
        rows={items.map((one) => ({
          id: one.id,
          cells: [
            t.vias[one.via],
            one.owner_name || '-',
            formatCount(one.accounts),
            one.made_by,
            <Time key="at" value={one.made_at} className="text-ink-3" />,
            one.undone_at ? (
              <span key="undone" className="text-ink-3 text-small">
                {t.undoneBy(one.undone_by ?? '')}
              </span>
            ) : (
              <Button key="undo" size="small" onPress={() => undo.mutateAsync(one.id)}>
                {t.undo}
              </Button>
            ),
          ],
        }))}
      />
    </Section>
  )
}
