import { useSuspenseQuery } from '@tanstack/react-query'
import { useDomain } from '../../shared/i18n/domain'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { useParts } from './partsWords'
import { criteriaQuery } from './queries'

/** What a certificate stands for: each check with what had to be reached. */
export default function Criteria({ number }: { number: string }) {
  const { cert: t } = useParts()
  const d = useDomain()
  const rows = useSuspenseQuery(criteriaQuery(number)).data.items
  if (!rows.length) return null
  const passed = rows.filter((one) => one.outcome === 'pass').length
  return (
    <div className="mt-8">
      <Section title={t.criteria} sub={t.criteriaSub(passed, rows.length)}>
        <MiniTable
          label={t.criteria}
          head={[t.item, t.asked, t.outcome]}
          rows={rows.map((one, index) => ({
            id: String(index),
            cells: [
              <span key="name">
                {one.name} <span className="block text-ink-3 text-small">{d.certificationStage[one.stage]}</span>
              </span>,
              one.threshold || t.yesNo,
              <span key="outcome" className={one.outcome === 'pass' ? 'text-jade' : 'text-ink-2'}>
                {t.outcomes[one.outcome]}
              </span>,
            ],
          }))}
        />
      </Section>
    </div>
  )
}
