import type { Act } from '../../shared/ui/Actions'
import type { Certification } from './queries'
import { useCertification } from './words'

/** Decisions on a case; the black one is what the facts advise. */
export function useCertificationActs(one: Certification, open: (what: 'conditions' | 'revoke' | 'assign') => void) {
  const t = useCertification()
  const simple = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('claim'),
    { ...simple('finish_tests'), ask: { title: t.ask.finish_tests, help: t.ask.finishWhy, reason: 'optional' } },
    { ...simple('approve'), ask: { title: t.ask.approve, help: t.ask.approveWhy, reason: 'optional' } },
    { id: 'approve_conditionally', label: t.more.approve_conditionally, done: '', run: () => open('conditions') },
    simple('restart'),
    { ...simple('request_changes'), ask: { title: t.ask.request_changes, reason: 'required' } },
    { id: 'assign', label: t.more.assign, done: '', run: () => open('assign') },
    { ...simple('hand_back'), ask: { title: t.ask.hand_back, help: t.ask.handBackWhy, reason: 'required' } },
    { ...simple('stop'), ask: { title: t.ask.stop, help: t.ask.stopWhy, reason: 'required' } },
    { id: 'revoke', label: t.more.revoke, done: '', isDanger: true, run: () => open('revoke') },
    { ...simple('reject'), isDanger: true, ask: { title: t.ask.reject, reason: 'required' } },
  ]
  const untested = one.stages.some(
    (stage) => stage.kind !== 'price_review' && stage.checks.some((check) => check.mandatory && !check.machine && check.result === 'open'),
  )
  const primary =
    one.advice === 'request_changes'
      ? ['restart', 'claim', 'assign', 'request_changes', 'finish_tests']
      : untested
        ? ['restart', 'claim', 'assign', 'approve']
        : ['restart', 'claim', 'approve', 'finish_tests', 'request_changes']
  return { acts, primary }
}
