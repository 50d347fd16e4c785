import type { Act } from '../../shared/ui/Actions'
import { useTickets } from './words'

/** The steps of a ticket; the first that is allowed is the black one. */
export function useTicketActs() {
  const t = useTickets()
  const simple = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const acts: Act[] = [
    simple('take'),
    { ...simple('resolve'), ask: { title: t.ask.resolve, label: t.ask.resolveLabel, reason: 'required' } },
    { ...simple('ask_customer'), ask: { title: t.ask.ask_customer, label: t.ask.ask_customer, reason: 'required' } },
    { ...simple('ask_operator'), ask: { title: t.ask.ask_operator, label: t.ask.ask_operator, reason: 'required' } },
    { ...simple('answer'), ask: { title: t.ask.answer, label: t.ask.answerLabel, reason: 'required' } },
    { ...simple('settle'), ask: { title: t.ask.settle, label: t.ask.resolveLabel, reason: 'required' } },
    simple('close'),
    { ...simple('reopen'), ask: { title: t.ask.reopen, label: t.ask.reopen, reason: 'required' } },
    { ...simple('cancel'), isDanger: true, ask: { title: t.ask.cancel, reason: 'required' } },
  ]
  return { acts, primary: ['take', 'resolve', 'answer', 'close'] }
}
