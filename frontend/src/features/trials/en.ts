import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

export default {
  title: 'Trials',
  sub: 'People of the province and its cities try solutions: requests, grants and every use are recorded, and each ends by itself',
  columns: {
    who: 'Who',
    solution: 'Solution',
    reason: 'What for',
    state: 'State',
    until: 'Until',
    opens: 'Opened',
    last: 'Last used',
    code: 'Code',
    act: 'Decide',
  },
  states: { asked: 'Waiting', granted: 'On trial', refused: 'Refused', withdrawn: 'Ended early', ended: 'Ended' },
  acts: { grant: 'Let in', refuse: 'Refuse', withdraw: 'End early' },
  done: { grant: 'Let in; they are told', refuse: 'Refused; they see why', withdraw: 'Ended; the link works no more' },
  ask: { refuse: 'Why refuse?', withdraw: 'Why end it early?' },
  empty: 'Nobody tries anything yet',
  emptyWhy:
    'Name a trial address in a version; once it is certified and listed, people of the province and its cities can ask on its page.',
} satisfies Dict<typeof zh>
