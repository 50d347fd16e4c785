import type { Dict } from '../shared/i18n'
import type { zh } from './standIn.zh'

export default {
  standIn: 'Standing in',
  forWhom: (name) => `For ${name}`,
  standingIn: (name) => `You stand in for ${name} until`,
  standInFor: (name) => `You stand in for ${name} while they are away`,
  backToOwn: 'Back to your own seat',
  toTheirs: 'Open their work',
  page: 'Stand-in while away',
} satisfies Dict<typeof zh>
