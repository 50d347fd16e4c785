import type { Act } from '../../shared/ui/Actions'
import type { Graduation } from './queries'
import { useGraduation } from './words'

export type Asking = 'return' | 'start_evaluation' | 'volunteer'

/** The steps, and the black one as the facts have it. */
export function useSteps(graduation: Graduation, open: (asking: Asking) => void) {
  const t = useGraduation()
  const missed = graduation.facts.some((fact) => fact.met === false)
  const simple = (id: keyof typeof t.done): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const dialog = (id: Asking): Act => ({ ...simple(id), run: () => open(id) })
  const acts: Act[] = [
    { ...simple('open_pilots'), ask: { title: t.ask.open_pilots, help: t.ask.open_pilotsWhy } },
    dialog('volunteer'),
    dialog('start_evaluation'),
    {
      ...simple('graduate'),
      ask: {
        title: t.ask.graduate,
        help: t.ask.graduateWhy,
        reason: missed ? 'required' : 'optional',
        label: missed ? t.ask.graduateUnmet : undefined,
      },
    },
    { ...simple('demote'), ask: { title: t.ask.demote, reason: 'required' } },
    { ...simple('keep'), ask: { title: t.ask.keep, reason: 'required' } },
    dialog('return'),
    { ...simple('withdraw'), isDanger: true, ask: { title: t.ask.withdraw, reason: 'required' } },
    { ...simple('leave_pilot'), isDanger: true, ask: { title: t.ask.leave_pilot, reason: 'required' } },
    {
      ...simple('archive'),
      isDanger: true,
      ask: { title: t.ask.archive, help: t.ask.archiveWhy, reason: 'required', typed: graduation.solution_name },
    },
  ]
  const keeps = graduation.answers.some((one) => one.state === 'keep')
  const waiting = !!graduation.comments_until && Date.parse(graduation.comments_until) > Date.now()
  const primary =
    graduation.state === 'consulting'
      ? [keeps ? 'demote' : 'keep']
      : missed && graduation.state === 'evaluating'
        ? waiting
          ? []
          : ['return']
        : ['graduate', 'start_evaluation', 'open_pilots', 'volunteer']
  return { acts, primary }
}
