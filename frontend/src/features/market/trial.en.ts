import type { Dict } from '../../shared/i18n'
import type { zh } from './trial.zh'

export default {
  title: 'Try it',
  offer: (hours, automatic) =>
    `The partner offers a trial environment, ${hours} hours at a time. ${automatic ? 'Say what for, and it opens at once.' : 'Say what for; the partner lets you in.'}`,
  ask: 'Ask to try it',
  reason: 'What for?',
  sent: 'Sent; you are told when the partner has decided',
  letIn: 'You are in: open the trial environment',
  waiting: 'Your request waits for the partner',
  until: 'Yours until',
  open: 'Open the trial',
  opened: 'Trial environment',
  address: 'Address',
  code: 'Code',
  notes: 'Notes',
  counted: 'Each opening is recorded; address and code are yours alone and end by themselves.',
  go: 'Go there',
  copy: 'Copy the code',
  copied: 'Code copied',
  refused: 'Your last request was refused',
  withdrawn: 'Your last trial was ended early',
  ended: 'Your last trial has ended',
} satisfies Dict<typeof zh>
