import { ArrowLeft, ArrowUpRight } from 'lucide-react'
import { lazy, type RefObject, Suspense, useEffect, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import type { AskKind } from '../../shared/ui/AskDialog'
import { Button, LinkButton } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { Tag } from '../../shared/ui/Tag'
import { Due, Time } from '../../shared/ui/Text'
import type { Verdict } from './decide'
import { Evidence, useRecord } from './Evidence'
import type { ReviewRow } from './queries'
import { useReviews } from './words'

const AskDialog = lazy(() => import('../../shared/ui/AskDialog'))
const AskMenu = lazy(() => import('../../shared/ui/AskMenu'))
const Requests = lazy(() => import('../../shared/ui/Requests').then((module) => ({ default: module.Requests })))

export type DeskHandle = { decide: (verdict: Verdict) => void; ask: (kind: AskKind) => void }
type Props = {
  row: ReviewRow
  onDecide: (verdict: Verdict, reason: string) => void
  onBack: () => void
  handle: RefObject<DeskHandle | null>
}

/** The evidence of one item and the decision under it. */
export function Desk({ row, onDecide, onBack, handle }: Props) {
  const t = useReviews()
  const { reference, name } = useReference()
  const record = useRecord(row)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [asking, setAsking] = useState<AskKind>()
  const mayAsk = record.actions.includes('ask' as never)
  const can = (verdict: Verdict) =>
    record.actions.includes(verdict === 'request' ? (row.kind === 'listing' ? 'return' : 'request_changes') : verdict)
  const failing = 'stages' in record ? record.advice === 'request_changes' : record.evidence.some((fact) => fact.met === false)
  const decide = (verdict: Verdict) => {
    if (!can(verdict)) return
    if (verdict !== 'approve' && !reason.trim()) {
      setMissing(true)
      document.querySelector<HTMLElement>('[name=opinion]')?.focus()
      return
    }
    onDecide(verdict, reason.trim())
  }
  useEffect(() => {
    handle.current = { decide, ask: (kind) => mayAsk && setAsking(kind) }
  })
  const resource = row.kind === 'listing' ? 'listings' : 'certifications'
  const path = row.kind === 'listing' ? `/listings/${row.id}` : `/certifications/${row.id}`
  const deciding = can('approve') || can('request') || can('reject')
  return (
    <div className="flex min-h-full flex-col">
      <div className="flex-1 px-4 pt-4 pb-8 md:px-8 md:pt-5">
        <div className="mb-2 flex flex-wrap items-center gap-2">
          <Button variant="quiet" size="small" className="md:hidden" icon={<ArrowLeft size={16} aria-hidden />} onPress={onBack}>
            {t.backToList}
          </Button>
          <Tag tone="accent">{t.what[row.what]}</Tag>
          <Tag>{name(reference.industries, row.industry)}</Tag>
          {row.due_at && <Due at={row.due_at} />}
          {row.assignee && <Tag tone="accent">{t.withWhom(row.assignee)}</Tag>}
          <LinkButton to={path as string} variant="quiet" size="small" className="ml-auto text-accent-text">
            {t.openPage}
            <ArrowUpRight size={15} aria-hidden />
          </LinkButton>
        </div>
        <h2 className="font-semibold text-title">
          {row.title} <span className="font-normal text-ink-3">{row.semver}</span>
        </h2>
        <p className="mb-6 text-ink-3">
          {row.partner_name} · {t.submitted} <Time value={row.since} as="monthDay" />
        </p>
        {row.note && <p className="-mt-3 mb-6 text-ink-2">{t.handedBy(row.assigned_by ?? '', row.note)}</p>}
        <Suspense>{record.requests.length > 0 && <Requests resource={resource} id={row.id} requests={record.requests} />}</Suspense>
        <Evidence row={row} />
        {deciding && (
          <TextArea
            label={t.opinion}
            name="opinion"
            placeholder={t.opinionHint}
            rows={3}
            value={reason}
            onChange={(text) => {
              setReason(text)
              setMissing(false)
            }}
            error={missing ? t.opinionMissing : undefined}
            maxLength={2000}
          />
        )}
      </div>
      <div className="sticky bottom-0 z-10 flex items-center gap-2 border-line border-t bg-sheet px-4 py-3 md:px-8 phone:bottom-[calc(60px+env(safe-area-inset-bottom))]">
        {can('approve') && (
          <Button variant={failing ? 'secondary' : 'primary'} onPress={() => decide('approve')}>
            {t.approve}
          </Button>
        )}
        {can('request') && (
          <Button variant={failing ? 'primary' : 'secondary'} onPress={() => decide('request')}>
            {row.kind === 'listing' ? t.return : t.request}
          </Button>
        )}
        <Suspense>{mayAsk && <AskMenu resource={resource} id={row.id} partner={row.partner_name} />}</Suspense>
        {can('reject') && (
          <Button variant="danger" className="ml-auto" onPress={() => decide('reject')}>
            {t.reject}
          </Button>
        )}
        {!deciding && <p className="text-ink-3">{t.noRight}</p>}
      </div>
      <Suspense>
        {asking && (
          <AskDialog resource={resource} id={row.id} kind={asking} partner={row.partner_name} onClose={() => setAsking(undefined)} />
        )}
      </Suspense>
    </div>
  )
}
