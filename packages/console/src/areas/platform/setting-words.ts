import type { SettingName } from '@holdfast/contracts/platform/settings'

interface SettingWords {
  label: string
  unit?: string
  /** How many of the API's units one shown unit is. */
  scale?: number
  /** Where the catalogue's own sentence does not help a person. */
  hint?: string
}

const secondMs = 1_000
const minuteMs = 60_000

/** One entry per setting of the catalogue; a new one does not compile without its words. */
export const settingWords: Record<SettingName, SettingWords> = {
  appName: { label: 'Name of this installation' },
  defaultTheme: { label: 'Theme' },
  enableRegistration: {
    label: 'Anybody may register',
    hint: 'Off, only somebody who manages users can add people.',
  },
  authMaxAttempts: { label: 'Failed sign-ins before a pause' },
  authLockoutDurationMs: { label: 'Length of the pause', unit: 'minutes', scale: minuteMs, hint: '' },
  jwtExpiresIn: { label: 'An access token lives', hint: 'Such as 15m.' },
  jwtRefreshExpiresIn: { label: 'A session lives', hint: 'From its last use, such as 7d.' },
  rateLimitWindowMs: {
    label: 'Window',
    unit: 'seconds',
    scale: secondMs,
    hint: 'What requests are counted in.',
  },
  rateLimitMax: { label: 'Signed in', unit: 'requests', hint: 'Per person and window.' },
  rateLimitAddressMax: { label: 'Without a credential', unit: 'requests', hint: 'Per address and window.' },
  rateLimitSignInMax: { label: 'Sign-in attempts', unit: 'requests', hint: 'Per address and window.' },
  logRetentionDays: { label: 'Keep activity for', unit: 'days', hint: '' },
  auditRetentionDays: {
    label: 'Keep audit entries in the database for',
    unit: 'days',
    hint: '0 keeps them forever. Older ones are sealed into files that still verify.',
  },
  gatewayLogRetentionDays: { label: 'Keep gateway logs for', unit: 'days', hint: 'Requests and errors.' },
  backupSchedule: { label: 'Back up', hint: '' },
  backupTime: { label: 'At', hint: 'In UTC, such as 03:15.' },
  backupKeep: { label: 'Keep scheduled backups', unit: 'backups', hint: 'Yours stay until you delete them.' },
  backupDestination: { label: 'Keep them', hint: '' },
  backupRecipient: {
    label: 'Encrypt for',
    hint: 'A public key of age, such as age1… Only its secret key opens the backups; keep it elsewhere.',
  },
  logsPerPage: { label: 'Log rows', unit: 'per page', hint: '' },
  usersPerPage: { label: 'Users', unit: 'per page', hint: '' },
  endpointsPerPage: { label: 'Endpoints', unit: 'per page', hint: '' },
}

export const choiceWords: Record<string, string> = {
  dark: 'Dark',
  light: 'Light',
  system: 'Like the system',
  off: 'Never by itself',
  hourly: 'Every hour',
  daily: 'Every day',
  weekly: 'Every Sunday',
  disk: 'On the disk of the server',
  s3: 'In the configured bucket',
}

export interface SettingSection {
  title: string
  description?: string
  names: readonly SettingName[]
}

/** Every setting stands in exactly one section; a test counts them. */
export const settingSections: readonly SettingSection[] = [
  { title: 'General', names: ['appName', 'defaultTheme', 'enableRegistration'] },
  {
    title: 'Signing in',
    description: 'What keeps guessing away, and how long a session lives.',
    names: ['authMaxAttempts', 'authLockoutDurationMs', 'jwtExpiresIn', 'jwtRefreshExpiresIn'],
  },
  {
    title: 'Limits',
    description: 'What keeps flooding away without hindering honest use.',
    names: ['rateLimitWindowMs', 'rateLimitMax', 'rateLimitAddressMax', 'rateLimitSignInMax'],
  },
  { title: 'Keeping', names: ['logRetentionDays', 'gatewayLogRetentionDays', 'auditRetentionDays'] },
  {
    title: 'Backups',
    description: 'Each is restored into an empty database and compared before it counts.',
    names: ['backupSchedule', 'backupTime', 'backupKeep', 'backupDestination', 'backupRecipient'],
  },
  {
    title: 'Lists',
    description: 'How long one page of a list is.',
    names: ['logsPerPage', 'usersPerPage', 'endpointsPerPage'],
  },
]
