import { useQueryClient } from '@tanstack/react-query'
import { CircleCheck, CircleDashed, CircleX, Clock, Upload, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { Actions } from '../../shared/ui/Actions'
import { Button, IconButton } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Section } from '../../shared/ui/Layout'
import { toast } from '../../shared/ui/Toast'
import { type Partner, removeDocument } from './queries'
import { usePartner } from './words'

const DocumentDialog = lazy(() => import('./DocumentDialog'))

const looks = {
  valid: [CircleCheck, 'text-jade'],
  expiring: [Clock, 'text-amber'],
  incomplete: [CircleX, 'text-cinnabar'],
  expired: [CircleX, 'text-cinnabar'],
  missing: [CircleDashed, 'text-ink-3'],
} as const

/** What this firm must show, rule by rule: the same list for both sides. */
export function Documents({ partner }: { partner: Partner }) {
  const t = usePartner()
  const lang = useLocale()
  const client = useQueryClient()
  const { reference } = useReference()
  const [uploading, setUploading] = useState<string>()
  const editable = partner.actions.includes('edit')
  const uploads = partner.actions.includes('upload')
  const kindOf = (code: string) => reference.document_kinds.find((kind) => kind.code === code)
  const nameOf = (code: string) => kindOf(code)?.[lang] ?? code
  const known = new Set(partner.checklist.flatMap((need) => need.options.flatMap((group) => group.papers.map((paper) => paper.kind))))
  const others = partner.documents.filter((document) => !known.has(document.kind))
  const remove = useWrite({
    run: (sub: string) => removeDocument(partner.id, sub),
    touches: ['partner'],
    onDone: () => toast(t.removed),
  })
  const line = (document: Partner['documents'][number]) => (
    <FileLine
      key={document.id}
      file={document.file}
      className="mt-2"
      note={
        <>
          {document.expires_on && (
            <span className={(document.days_left ?? 99) < 30 ? 'text-amber' : undefined}>
              {t.expiresOn(document.expires_on)}
              {document.days_left !== undefined && document.days_left < 90 && ` · ${t.daysLeft(document.days_left)}`}
            </span>
          )}
          {document.review !== 'none' && (
            <span
              className={`block ${document.review === 'refused' ? 'text-cinnabar' : document.review === 'accepted' ? '' : 'text-amber'}`}
            >
              {t.renewal[document.review](document.reviewed_by ?? '', document.review_reason ?? '')}
            </span>
          )}
        </>
      }
      aside={
        document.actions.length > 0 ? (
          <Actions
            resource={`partners/${partner.id}/documents`}
            id={document.id}
            allowed={document.actions}
            acts={[
              { id: 'accept', label: t.renewals.accept, done: t.renewals.accepted },
              {
                id: 'refuse',
                label: t.renewals.refuse,
                done: t.renewals.refused,
                isDanger: true,
                ask: { title: t.renewals.why, help: t.renewals.help, reason: 'required' },
              },
            ]}
            size="small"
            touches={['partner', 'home']}
          />
        ) : (
          editable && (
            <IconButton
              label={`${t.remove} ${document.file.name}`}
              icon={<X size={16} aria-hidden />}
              onPress={() => remove.mutateAsync(document.id)}
            />
          )
        )
      }
    />
  )
  const upload = uploading && kindOf(uploading)
  return (
    <Section title={t.documents} sub={t.documentsSub}>
      <Card className="!py-0">
        <div className="divide-y divide-line">
          {partner.checklist.map((need) => {
            const empty = need.options.every((group) => group.papers.every((paper) => paper.state === 'missing'))
            if (!uploads && need.optional && empty) return null
            const [Icon, tone] = looks[need.state]
            const met = need.state === 'valid' || need.state === 'expiring'
            const choice = need.options.length > 1
            const has = (kind: string) => partner.documents.some((document) => document.kind === kind)
            const options = need.options.filter((group) => uploads || !met || group.papers.some((paper) => has(paper.kind)))
            return (
              <div key={need.code} className="py-3">
                <div className="flex items-center gap-2">
                  <Icon size={16} className={`shrink-0 ${tone}`} aria-hidden />
                  <span className="font-medium">{need.name}</span>
                  {choice && <span className="text-ink-3 text-meta">{t.anyOf}</span>}
                  <span className={`ml-auto text-small ${need.optional && empty ? 'text-ink-3' : tone}`}>
                    {need.optional && empty ? t.optional : t.needState[need.state]}
                  </span>
                </div>
                {need.detail && !(need.optional && empty) && <p className="mt-0.5 pl-6 text-ink-3 text-small">{need.detail}</p>}
                {options.map(({ papers }, index) => (
                  <div key={papers.map((paper) => paper.kind).join()} className="pl-6">
                    {index > 0 && <p className="mt-2 text-ink-3 text-meta">{t.or}</p>}
                    {papers.length > 1 && <p className="mt-2 text-ink-3 text-meta">{t.allOf}</p>}
                    <ul>
                      {papers.map((paper) => {
                        const documents = partner.documents.filter((document) => document.kind === paper.kind)
                        if (!uploads && documents.length === 0 && met) return null
                        return (
                          <li key={paper.kind} className="mt-2">
                            <div className="flex items-center justify-between gap-3">
                              <span>
                                {nameOf(paper.kind)}
                                {(need.optional || (met && documents.length === 0)) && (
                                  <span className="ml-1.5 text-ink-3 text-meta">{t.optional}</span>
                                )}
                              </span>
                              {uploads ? (
                                <Button size="small" icon={<Upload size={15} aria-hidden />} onPress={() => setUploading(paper.kind)}>
                                  {documents.length ? t.replace : t.upload}
                                  <span className="sr-only"> {nameOf(paper.kind)}</span>
                                </Button>
                              ) : (
                                documents.length === 0 && <span className="text-ink-3 text-small">{t.noDocuments}</span>
                              )}
                            </div>
                            {documents.map(line)}
                          </li>
                        )
                      })}
                    </ul>
                  </div>
                ))}
              </div>
            )
          })}
          {others.length > 0 && <div className="py-3">{others.map(line)}</div>}
        </div>
      </Card>
      <Suspense>
        {upload && (
          <DocumentDialog
            partner={partner.id}
            kind={upload}
            name={upload[lang]}
            onClose={() => setUploading(undefined)}
            onDone={async () => {
              await client.invalidateQueries({ queryKey: ['partner'] })
              toast(t.uploaded)
            }}
          />
        )}
      </Suspense>
    </Section>
  )
}
