import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

export default {
  title: 'Preferences',
  sub: 'Only changes what you see on this device',
  look: 'Appearance',
  theme: 'Theme',
  themes: { system: 'Follow system', light: 'Light', dark: 'Dark' },
  density: 'Table density',
  densities: { normal: 'Normal', compact: 'Compact' },
  language: 'Language',
  notices: 'Notices',
  mail: 'Mail me what needs me',
  mails: { now: 'At once', daily: 'Once a day', none: 'Never' },
  noMail: 'This portal sends no mail',
  you: 'Your account',
  name: 'Name',
  email: 'Login email',
  tenant: 'Organisation',
  roles: 'Roles',
  districts: 'Districts',
  security: 'Sign-in and security',
} satisfies Dict<typeof zh>
