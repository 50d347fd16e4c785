import { MiniTable } from '../../shared/ui/MiniTable'
import { useNeed, Verdict } from './Dossier'
import { sayFigure } from './figures'
import type { Fact } from './queries'
import { useGraduation } from './words'

export default function DossierTable({ facts }: { facts: Fact[] }) {
  const t = useGraduation()
  const need = useNeed()
  return (
    <MiniTable
      label={t.dossier}
      head={[t.metric, t.has, t.need, t.verdict]}
      end={[1, 2]}
      rows={facts.map((fact) => ({
        id: fact.metric,
        cells: [
          t.metrics[fact.metric],
          fact.has === undefined ? '-' : sayFigure(fact.has, fact.unit, t),
          need(fact) || '-',
          <Verdict key="verdict" fact={fact} />,
        ],
      }))}
    />
  )
}
