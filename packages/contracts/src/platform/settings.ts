import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { route } from '../kit/route.ts'

/** One platform setting. The catalogue below is the only list of them: form, validation, defaults and docs follow. */
interface SettingDefinition<S extends z.ZodType> {
  schema: S
  default: z.output<S>
  describe: string
}

function setting<S extends z.ZodType>(
  schema: S,
  fallback: z.output<S>,
  describe: string,
): SettingDefinition<S> {
  return { schema: schema.describe(describe), default: fallback, describe }
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `15m`, `12h`, `7d` -> milliseconds. Throws on anything else, which validation has already refused. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (amount === undefined || unit === undefined)
    throw new RangeError(`${text} is not a duration such as 15m or 7d.`)
  return Number(amount) * unitMs[unit as keyof typeof unitMs]
}

function duration(min: string, max: string) {
  return z
    .string()
    .regex(/^\d{1,6}[smhd]$/, { error: 'must be a number and a unit: 90s, 15m, 12h or 7d', abort: true })
    .refine((text) => durationMs(text) >= durationMs(min) && durationMs(text) <= durationMs(max), {
      message: `must lie between ${min} and ${max}`,
    })
}

const perPage = (what: string, fallback: number) =>
  setting(
    z.int().min(5).max(200),
    fallback,
    `How many ${what} one page of their list has, in the console and in answers to requests without a limit.`,
  )

export const settingCatalogue = {
  appName: setting(z.string().trim().min(1).max(80), 'Holdfast', 'Name that the console and e-mails show.'),
  defaultTheme: setting(
    z.enum(['dark', 'light', 'system']),
    'system',
    'Theme of the console for whoever has chosen none.',
  ),
  enableRegistration: setting(z.boolean(), true, 'Whether people may create their own account.'),
  authMaxAttempts: setting(
    z.int().min(1).max(100),
    5,
    'Failed sign-ins before an address or an account is locked.',
  ),
  authLockoutDurationMs: setting(
    z.int().min(1_000).max(86_400_000),
    900_000,
    'How long such a lock lasts, in milliseconds.',
  ),
  jwtExpiresIn: setting(duration('1m', '24h'), '15m', 'Life of an access token.'),
  jwtRefreshExpiresIn: setting(duration('1h', '365d'), '7d', 'Life of a refresh token, from its last use.'),
  rateLimitWindowMs: setting(
    z.int().min(1_000).max(86_400_000),
    60_000,
    'Window that requests are counted in, in milliseconds.',
  ),
  rateLimitMax: setting(
    z.int().min(60).max(10_000_000),
    6_000,
    'Requests per window for one signed-in principal.',
  ),
  rateLimitAddressMax: setting(
    z.int().min(60).max(10_000_000),
    600,
    'Requests per window for one address without a credential.',
  ),
  rateLimitSignInMax: setting(z.int().min(3).max(10_000), 30, 'Sign-in attempts per window for one address.'),
  auditRetentionDays: setting(
    z.int().min(0).max(36_500),
    0,
    'After how many days audit entries are sealed into files and leave the database; 0: never.',
  ),
  logRetentionDays: setting(z.int().min(1).max(3_650), 30, 'Days that the activity log is kept.'),
  gatewayLogRetentionDays: setting(
    z.int().min(1).max(3_650),
    30,
    'Days that request logs and errors of gateways are kept.',
  ),
  backupSchedule: setting(
    z.enum(['off', 'hourly', 'daily', 'weekly']),
    'off',
    'How often a backup is made by itself; weekly is on Sunday.',
  ),
  backupTime: setting(
    z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 03:15'),
    '03:15',
    'When scheduled backups are made, in UTC; of an hourly one the minutes count.',
  ),
  backupKeep: setting(
    z.int().min(1).max(400),
    7,
    'How many scheduled backups are kept. Those that somebody made stay until somebody deletes them.',
  ),
  backupDestination: setting(
    z.enum(['disk', 's3']),
    'disk',
    'Where backups are kept: below the data directory, or in the bucket of HOLDFAST_S3_URL.',
  ),
  backupRecipient: setting(
    z
      .string()
      .trim()
      .max(2_100)
      .regex(/^(age1[0-9a-z]+)?$/, 'must be an age recipient such as age1…, or empty'),
    '',
    'Public key (age1…) that backups are encrypted for; empty for none.',
  ),
  logsPerPage: perPage('log rows', 50),
  usersPerPage: perPage('users', 20),
  endpointsPerPage: perPage('endpoints', 50),
} as const

type Catalogue = typeof settingCatalogue
export type SettingName = keyof Catalogue
export type SettingValues = { -readonly [K in SettingName]: z.output<Catalogue[K]['schema']> }
export const settingNames = Object.keys(settingCatalogue) as SettingName[]

type Schemas = { [K in SettingName]: Catalogue[K]['schema'] }
const settingSchemas = Object.fromEntries(
  Object.entries(settingCatalogue).map(([name, { schema }]) => [name, schema]),
) as Schemas

/** What applies where nobody changed anything. */
export const settingDefaults = Object.fromEntries(
  Object.entries(settingCatalogue).map(([name, definition]) => [name, definition.default]),
) as SettingValues

export const SettingsBody = z
  .object({ ...settingSchemas, version: z.string().describe('Version of the product; cannot be set.') })
  .meta({ id: 'Settings' })

/** Any subset. `version` may come back with the rest, as a form sends it, and is ignored. */
export const SettingsChange = z.strictObject({ ...settingSchemas, version: z.string() }).partial()
export type SettingsChange = z.output<typeof SettingsChange>

const SettingsAnswer = ok(z.object({ settings: SettingsBody, logsCount: z.int() }))
const access = { permission: ['manage_users', 'manage_api'] } as const

export const getSettings = route({
  id: 'settings.get',
  method: 'GET',
  path: '/api/settings',
  summary: 'Get the platform settings and the size of the activity log',
  access,
  answers: { 200: SettingsAnswer },
})

export const updateSettings = route({
  id: 'settings.update',
  method: 'PUT',
  path: '/api/settings',
  summary: 'Change platform settings',
  access,
  audit: 'settings.updated',
  body: SettingsChange,
  answers: { 200: SettingsAnswer },
  problems: ['config.set_by_environment'],
})

export const settingsRoutes = [getSettings, updateSettings] as const
