import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { Stepper } from '../../shared/ui/Progress'
import { toast } from '../../shared/ui/Toast'
import { type Deal, type Stage, setStage } from './queries'
import { useDeals } from './words'

const stages: Stage[] = ['analysis', 'trust', 'need', 'value', 'commitment', 'collection']

/** Where the sale stands, and the step after it. */
export function Stages({ deal }: { deal: Deal }) {
  const t = useDeals()
  const d = useDomain()
  const at = stages.indexOf(deal.stage)
  const over = deal.state === 'won'
  const next = stages[at + 1]
  const move = useWrite({
    run: (stage: Stage, { headers }) => setStage(deal.id, stage, headers),
    touches: ['deal'],
    onDone: () => toast(t.moved),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <Section
      title={t.stageTitle}
      aside={
        next &&
        deal.actions.includes('set_stage') && (
          <Button size="small" onPress={() => move.mutateAsync(next)}>
            {t.moveTo(d.salesStage[next])}
          </Button>
        )
      }
    >
      <Stepper
        label={t.stageTitle}
        steps={stages.map((stage, index) => ({
          id: stage,
          label: d.salesStage[stage],
          state: index < at || over ? 'done' : index === at ? 'current' : 'todo',
        }))}
      />
    </Section>
  )
}
