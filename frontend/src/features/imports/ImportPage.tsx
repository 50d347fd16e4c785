import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { CircleCheck, CircleX, Download, LoaderCircle } from 'lucide-react'
import { formatCount } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { buttonClass, LinkButton } from '../../shared/ui/Button'
import { Figures, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { type Import, importQuery } from './queries'
import { useImports } from './words'

export function ImportPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useImports()
  const { id } = useParams({ strict: false }) as { id: string }
  const one = useSuspenseQuery(importQuery(id)).data
  const figure = (label: string, value: number, tone?: string) => ({ label, value: <span className={tone}>{formatCount(value)}</span> })
  return (
    <>
      <PageHeader
        title={one.file_name}
        crumbs={[{ label: t.title, to: '/imports' }]}
        tags={<State of="import" value={one.state} />}
        actions={
          <>
            <Actions
              resource="imports"
              id={id}
              allowed={one.actions}
              acts={[
                { id: 'cancel', label: t.cancel, done: t.cancelDone, isDanger: true, ask: { title: t.cancelTitle, help: t.cancelWhy } },
                { id: 'stop', label: t.stop, done: t.stopDone, ask: { title: t.stopTitle, help: t.stopWhy } },
                { id: 'undo', label: t.undo, done: t.undoDone, isDanger: true, ask: { title: t.undoTitle, help: t.undoWhy } },
                { id: 'apply', label: one.state === 'stopped' ? t.goOn : t.apply, done: t.applyDone },
              ]}
              primary={['apply']}
              touches={['import', 'account', 'home']}
            />
            {one.state === 'applied' && (
              <LinkButton to={'/accounts' as string} variant="primary">
                {t.accounts}
              </LinkButton>
            )}
          </>
        }
      />
      <Progress one={one} />
      <Section>
        <Figures
          items={[
            figure(t.figures.rows, one.rows),
            figure(t.figures.new, one.new_rows),
            figure(t.figures.changed, one.changed_rows),
            figure(t.figures.unchanged, one.unchanged_rows),
            figure(t.figures.bad, one.bad_rows, one.bad_rows ? 'text-cinnabar' : undefined),
          ]}
        />
      </Section>
      {one.bad.length > 0 && (
        <Section
          title={t.badRows}
          sub={one.bad.length < one.bad_rows ? t.badMore : t.badSub}
          aside={
            <a href={`/api/imports/${id}/bad.xlsx`} download className={buttonClass('secondary', 'small')}>
              <Download size={14} aria-hidden />
              {t.allBadRows}
            </a>
          }
        >
          <MiniTable
            label={t.badRows}
            head={[t.bad.row, t.bad.column, t.bad.cell, t.bad.value, t.bad.reason]}
            end={[0]}
            rows={one.bad.map((bad) => ({
              id: `${bad.cell}${bad.row}${bad.reason}`,
              cells: [
                bad.row,
                bad.column,
                <code key="cell">{bad.cell}</code>,
                <span key="value" className="break-all text-cinnabar">
                  {bad.value || t.blank}
                </span>,
                bad.reason,
              ],
            }))}
          />
        </Section>
      )}
    </>
  )
}

function Progress({ one }: { one: Import }) {
  const t = useImports()
  const doing: Record<string, string> = { checking: t.checking, applying: t.applying, undoing: t.undoing }
  const busy = doing[one.state]
  if (busy)
    return (
      <div className="mb-6 rounded-card border border-line p-4">
        <p className="mb-2 flex items-center gap-2" role="status">
          <LoaderCircle size={16} className="animate-spin text-accent" aria-hidden />
          {busy}
          <span className="num ml-auto text-ink-3">
            {one.state === 'checking' ? t.rowsSoFar(formatCount(one.rows)) : t.progress(one.progress)}
          </span>
        </p>
        <progress
          aria-label={busy}
          value={one.progress}
          max={100}
          className="block h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-neutral-soft [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
        />
      </div>
    )
  const good = one.new_rows + one.changed_rows
  const said: Record<string, ['jade' | 'cinnabar' | 'accent' | 'neutral', string, string]> = {
    checked: [
      one.bad_rows ? 'accent' : 'jade',
      t.ready(formatCount(good)),
      good === 0 && one.bad_rows ? t.allBad : one.bad_rows ? t.readyBad(one.bad_rows) : t.readyClean,
    ],
    applied: [
      'jade',
      t.applied,
      `${t.appliedWhy(formatCount(one.added), formatCount(one.updated))}${one.refused ? t.refused(formatCount(one.refused)) : ''}`,
    ],
    stopped: [
      'accent',
      t.stopped,
      t.stoppedWhy(formatCount(one.added), formatCount(one.updated), formatCount(Math.max(0, good - one.added - one.updated))),
    ],
    undone: ['neutral', t.undone, t.undoneWhy(formatCount(one.removed), formatCount(one.restored), formatCount(one.touched))],
    cancelled: ['neutral', t.cancelled, one.reason ?? ''],
    failed: ['cinnabar', t.failed, one.reason ?? ''],
  }
  const [tone, title, why] = said[one.state] ?? ['neutral', one.state, '']
  const Icon = one.state === 'failed' || one.state === 'cancelled' ? CircleX : CircleCheck
  return (
    <Banner tone={tone} icon={<Icon size={18} aria-hidden />} title={title}>
      {why}
    </Banner>
  )
}
