import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { formatCount } from '../../shared/lib/money'
import { buttonClass } from '../../shared/ui/Button'
import { FileDrop } from '../../shared/ui/FileDrop'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage, State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { importsQuery, startImport } from './queries'
import { useImports } from './words'

export function ImportsPage() {
  const t = useImports()
  return (
    <RecordPage>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <a href="/api/accounts/template.xlsx" download className={buttonClass('primary')}>
            <Download size={16} aria-hidden />
            {t.template}
          </a>
        }
      />
      <Centre />
    </RecordPage>
  )
}

function Centre() {
  const t = useImports()
  const navigate = useNavigate()
  const { reference } = useReference()
  const imports = useSuspenseQuery(importsQuery).data.items
  const rule = reference.file_rules.find((one) => one.purpose === 'account_import')
  const queue = useFileUploads('account_import', async (file) => {
    const started = await startImport(file.id)
    toast(t.started)
    // after the queue has settled, or it would ask whether to leave
    setTimeout(() => void navigate({ to: `/imports/${started.id}` as string }), 400)
  })
  return (
    <>
      <Section title={t.upload}>
        <FileDrop queue={queue} what={t.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
      </Section>
      <Section title={t.recent}>
        {imports.length === 0 ? (
          <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
        ) : (
          <MiniTable
            label={t.recent}
            head={[t.columns.file, t.columns.state, t.columns.rows, t.columns.bad, t.columns.by, t.columns.at]}
            end={[2, 3]}
            rows={imports.map((one) => ({
              id: one.id,
              cells: [
                <Link
                  key="file"
                  to={`/imports/${one.id}` as string}
                  className="focus-ring rounded-check font-medium hover:text-accent-text"
                >
                  {one.file_name}
                </Link>,
                <State key="state" of="import" value={one.state} />,
                formatCount(one.rows),
                <span key="bad" className={one.bad_rows ? 'text-cinnabar' : undefined}>
                  {formatCount(one.bad_rows)}
                </span>,
                one.started_by,
                <Time key="at" value={one.started_at} className="text-ink-3" />,
              ],
            }))}
          />
        )}
      </Section>
    </>
  )
}
