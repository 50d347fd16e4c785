import type { Act } from '../../shared/ui/Actions'
import type { Partner } from './queries'
import { usePartner } from './words'

/** What may be done to a partner, and the step that the facts suggest. */
export function usePartnerActs(partner: Partner, onReject?: () => void) {
  const t = usePartner()
  const failed = partner.checks.filter((check) => check.state === 'failed').length
  const simple = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('apply'),
    simple('start_review'),
    { ...simple('approve'), ask: { title: t.ask.approve, help: failed ? t.ask.approveFailed : t.ask.approveWhy } },
    { ...simple('request_info'), ask: { title: t.ask.request_info, reason: 'required' } },
    simple('resume'),
    { ...simple('suspend'), isDanger: true, ask: { title: t.ask.suspend, reason: 'required' } },
    { ...simple('overturn'), ask: { title: t.ask.overturn, reason: 'required' } },
    { ...simple('uphold'), isDanger: true, ask: { title: t.ask.uphold, reason: 'required' } },
    { ...simple('contest'), ask: { title: t.ask.contest, help: t.ask.contestWhy, reason: 'required' } },
    { ...simple('reject'), isDanger: true, run: onReject },
    {
      ...simple('terminate'),
      isDanger: true,
      ask: { title: t.ask.terminate, help: t.ask.terminateWhy, reason: 'required', typed: partner.legal_name },
    },
  ]
  const primary = ['apply', 'start_review', failed ? 'request_info' : 'approve', 'overturn', 'resume']
  return { acts, primary }
}
