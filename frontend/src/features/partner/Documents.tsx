import { useQueryClient } from '@tanstack/react-query'
import { Upload, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { Button, IconButton } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Section } from '../../shared/ui/Layout'
import { toast } from '../../shared/ui/Toast'
import { type Partner, removeDocument } from './queries'
import { usePartner } from './words'

const DocumentDialog = lazy(() => import('./DocumentDialog'))

/** The documents this firm needs, each with what is there. */
export function Documents({ partner }: { partner: Partner }) {
  const t = usePartner()
  const lang = useLocale()
  const client = useQueryClient()
  const { reference } = useReference()
  const [uploading, setUploading] = useState<Schemas['DocumentRule']>()
  const editable = partner.actions.includes('edit')
  const rules = reference.document_rules.filter(
    (rule) => rule.capabilities.length === 0 || rule.capabilities.some((one) => partner.capabilities.includes(one)),
  )
  const known = new Set(rules.map((rule) => rule.kind))
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
        document.expires_on && (
          <span className={(document.days_left ?? 99) < 30 ? 'text-amber' : undefined}>
            {t.expiresOn(document.expires_on)}
            {document.days_left !== undefined && document.days_left < 90 && ` · ${t.daysLeft(document.days_left)}`}
          </span>
        )
      }
      aside={
        editable && (
          <IconButton
            label={`${t.remove} ${document.file.name}`}
            icon={<X size={16} aria-hidden />}
            onPress={() => remove.mutateAsync(document.id)}
          />
        )
      }
    />
  )
  return (
    <Section title={t.documents} sub={t.documentsSub}>
      <Card className="!py-0">
        <ul className="divide-y divide-line">
          {rules.map((rule) => {
            const documents = partner.documents.filter((document) => document.kind === rule.kind)
            if (!editable && documents.length === 0 && !rule.required) return null
            return (
              <li key={rule.kind} className="py-3">
                <div className="flex items-center justify-between gap-3">
                  <span>
                    {rule[lang]}
                    {!rule.required && <span className="ml-1.5 text-ink-3 text-meta">{t.optional}</span>}
                  </span>
                  {editable ? (
                    <Button size="small" icon={<Upload size={15} aria-hidden />} onPress={() => setUploading(rule)}>
                      {documents.length ? t.replace : t.upload}
                      <span className="sr-only"> {rule[lang]}</span>
                    </Button>
                  ) : (
                    documents.length === 0 && <span className="text-ink-3 text-small">{t.noDocuments}</span>
                  )}
                </div>
                {documents.map(line)}
              </li>
            )
          })}
          {others.length > 0 && <li className="py-3">{others.map(line)}</li>}
        </ul>
      </Card>
      <Suspense>
        {uploading && (
          <DocumentDialog
            partner={partner.id}
            rule={uploading}
            name={uploading[lang]}
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
