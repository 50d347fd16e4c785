import type { Dict } from './index'
import type { zh } from './requests.zh'

export default {
  title: 'Questions and opinions',
  menu: 'Ask / hand over',
  kinds: { question: 'Question', opinion: 'Opinion', hand_over: 'Hand-over' },
  sentence: {
    question: (by: string, to: string) => `${by} asked ${to}`,
    opinion: (by: string, to: string) => `${by} wants the opinion of ${to}`,
    hand_over: (by: string, to: string) => `${by} handed the decision over to ${to}`,
  },
  states: { open: 'Waiting', answered: 'Answered', taken_back: 'Taken back', lapsed: 'Lapsed' },
  handedOver: 'To decide',
  inside: 'Operator only',
  answerLabel: 'Answer',
  send: 'Answer',
  answered: 'Answered; who asked is told',
  takeBack: 'Take back',
  handBack: 'Back to the queue',
  tookBack: 'Taken back',
  ask: {
    question: {
      act: 'Ask',
      title: (to: string) => `Ask ${to}`,
      help: 'The partner is told, and its clock runs until it answers.',
      label: 'Your question',
      go: 'Send the question',
      done: 'Asked: the partner has the turn',
    },
    opinion: {
      act: 'Get an opinion',
      title: () => 'Ask a colleague',
      help: 'Only the operator sees it, never the partner.',
      label: 'What do you want to know',
      go: 'Ask for the opinion',
      done: 'Sent to your colleague',
    },
    hand_over: {
      act: 'Hand over',
      title: () => 'Let a colleague decide',
      help: 'Your colleague is told; you can take it back.',
      label: 'Note for your colleague',
      go: 'Hand over',
      done: 'Handed over',
    },
  },
  to: 'Colleague',
  noColleague: 'Nobody else of your organisation can take this.',
  missing: 'Say what it is about.',
  missingTo: 'Choose a colleague.',
} satisfies Dict<typeof zh>
