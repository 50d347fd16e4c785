import type { Dict } from './index'
import type { zh } from './rise.zh'

export default {
  title: 'Graduation',
  answers: 'Answers of cities',
  reasons: 'Reasons',
  states: {
    graduation: {
      nominated: 'Nominated',
      piloting: 'Piloting',
      evaluating: 'Evaluating',
      graduated: 'Graduated',
      returned: 'Returned',
      withdrawn: 'Withdrawn',
      consulting: 'Asking cities',
      demoted: 'Back to cities',
      archived: 'Archived',
      kept: 'Kept in the province',
    },
    rollout: {
      open: 'To answer',
      adopted: 'Adopted',
      later: 'Later',
      declined: 'Declined',
      keep: 'Keeps it',
      release: 'Lets it go',
      closed: 'Not answered',
    },
    threshold: { proposed: 'To be checked', published: 'Published', superseded: 'Superseded', returned: 'Returned' },
  },
  reasonCodes: {
    no_demand: 'No demand',
    competing: 'Has a rival product',
    price: 'Price',
    capability: 'No capacity here',
    integration: 'Hard to integrate',
    quality: 'Quality doubts',
    calendar: 'Timing',
    other: 'Other',
  },
} satisfies Dict<typeof zh>
