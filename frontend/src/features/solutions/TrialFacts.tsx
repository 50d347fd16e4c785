import { useWrite } from '../../shared/api/mutate'
import { useCan } from '../../shared/api/session'
import { Checkbox } from '../../shared/ui/Choice'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import { toast } from '../../shared/ui/Toast'
import { setTrialRule, type Version } from './queries'
import { useSolutions } from './words'

/** Where a version can be tried, and the firm's rule about who is let in. */
export default function TrialFacts({ version }: { version: Version }) {
  const e = useSolutions().editor
  const can = useCan()
  const save = useWrite({
    run: (automatic: boolean, { headers }) => setTrialRule(version.solution_id, automatic, headers),
    touches: ['version'],
    onDone: () => toast(e.trialRuleSaved),
  })
  return (
    <Section title={e.trial}>
      <Card>
        <Facts
          items={[
            { label: e.trialUrl, value: <span className="break-all">{version.trial_url}</span> },
            { label: e.trialHours, value: version.trial_hours },
            !!version.trial_notes && { label: e.trialNotes, value: version.trial_notes },
          ]}
        />
        {can('solution:write') && (
          <Checkbox className="mt-3" isSelected={!!version.trial_automatic} isDisabled={save.isPending} onChange={(on) => save.mutate(on)}>
            {e.trialAutomatic}
          </Checkbox>
        )}
      </Card>
    </Section>
  )
}
