import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { route } from '../kit/route.ts'

/**
 * The configuration: one document of keys and values. A key is a setting of the catalogue, a setting of the server's
 * environment, or a free key that somebody made.
 */

/** Names that mean something in a request, or that another route answers. */
const reservedKeys = new Set(['key', 'value', 'reason', 'is_sensitive', 'backup', 'backups', 'restore'])

export const configKeysMax = 1_000
const valueBytesMax = 16_384

const ConfigKey = z
  .string()
  .max(255)
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]*$/,
    'must begin with a letter and hold letters, digits, dots, dashes and underscores',
  )
  .refine((key) => !reservedKeys.has(key), 'is reserved; choose another name')
  .refine((key) => !key.startsWith('has_'), 'must not begin with has_, which shows that there is a secret')

const ConfigValue = z
  .json()
  .refine((value) => JSON.stringify(value).length <= valueBytesMax, 'must be at most 16 KiB as JSON')
export type ConfigValue = z.output<typeof ConfigValue>

const configSources = ['default', 'stored', 'environment'] as const

/** What is known about a key, beside its value. */
const ConfigEntry = z
  .object({
    key: z.string(),
    /** Null for a secret; `has_value` says whether there is one. */
    value: z.json(),
    has_value: z.boolean(),
    is_sensitive: z.boolean(),
    /** `environment`: set where the server was started, and changed only there. */
    source: z.enum(configSources),
    kind: z.enum(['setting', 'environment', 'free']),
    scope: z.literal('global'),
    description: z.string(),
    /** The version of the document that changed it last; 0 when nobody has. */
    version: z.int(),
    updated_at: Timestamp.nullable(),
    updated_by: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'ConfigEntry' })
export type ConfigEntry = z.output<typeof ConfigEntry>

const ConfigDocument = z
  .record(z.string(), z.json())
  .describe('Values by key. A secret is shown as has_<key>: true or false.')

const ConfigAnswer = z.object({
  success: z.literal(true),
  data: ConfigDocument,
  meta: z.object({ version: z.int(), entries: z.array(ConfigEntry) }),
})

/**
 * A change: any part of the document, or one key in the form of reference 001 (`key` and `value`, which only that form
 * has). `has_…` may come back as it was sent, and is ignored.
 */
const ConfigChange = z
  .object({
    key: ConfigKey.optional().describe('Together with `value`: the one key that changes.'),
    value: ConfigValue.optional(),
    is_sensitive: z.boolean().optional().describe('With `key`: whether the value is sealed and never shown.'),
    reason: z.string().trim().max(500).optional(),
  })
  .catchall(ConfigValue)
  .superRefine(({ key, value, is_sensitive: isSensitive, ...document }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const names = Object.keys(document).filter((name) => name !== 'reason' && !name.startsWith('has_'))
    if (key !== undefined) {
      if (value === undefined) refuse('value', 'is required with key; null removes the key')
      for (const name of names)
        refuse(name, 'cannot be changed together with key; send one form or the other')
      return
    }
    if (value !== undefined) refuse('value', 'belongs to a key; name it in key')
    if (isSensitive !== undefined) refuse('is_sensitive', 'belongs to a key; name it in key')
    if (names.length > 200) refuse('key', 'at most 200 keys can be changed at once')
    for (const name of names.slice(0, 201)) {
      const checked = ConfigKey.safeParse(name)
      if (!checked.success) refuse(name, checked.error.issues[0]?.message ?? 'is not a key')
    }
  })
  .describe(
    'A part of the document: values by key, where null removes one. Or `key` and `value`, for one key.',
  )

const ConfigHistoryEntry = z
  .object({
    version: z.int(),
    key: z.string(),
    /** Null for a secret, and where there was nothing. */
    old: z.json(),
    new: z.json(),
    is_sensitive: z.boolean(),
    changed_by: z.string(),
    changed_by_id: z.string().nullable(),
    reason: z.string().nullable(),
    at: Timestamp,
  })
  .meta({ id: 'ConfigHistoryEntry' })
export type ConfigHistoryEntry = z.output<typeof ConfigHistoryEntry>

const access = { admin: true } as const
const params = z.object({ key: z.string().min(1).max(255) })

export const getConfig = route({
  id: 'config.get',
  method: 'GET',
  path: '/api/config',
  summary: 'Get the configuration, with where each value comes from',
  access,
  answers: { 200: ConfigAnswer },
})

export const updateConfig = route({
  id: 'config.update',
  method: 'PUT',
  path: '/api/config',
  summary: 'Change a part of the configuration, or one key with a reason',
  access,
  audit: 'config.updated',
  body: ConfigChange,
  answers: {
    200: ConfigAnswer.extend({
      status: z.literal('ok'),
      key: z.string().nullable(),
      version: z.int(),
    }),
  },
  problems: ['config.set_by_environment', 'config.too_many_keys'],
})

export const getConfigKey = route({
  id: 'config.getKey',
  method: 'GET',
  path: '/api/config/{key}',
  summary: 'Get one key of the configuration',
  access,
  params,
  answers: { 200: ok(ConfigEntry) },
  problems: ['config.not_found'],
})

export const listConfigHistory = route({
  id: 'config.listHistory',
  method: 'GET',
  path: '/api/config/{key}/history',
  summary: 'List the changes of one key, newest first',
  access,
  params,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  }),
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(ConfigHistoryEntry),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: ['config.not_found'],
})

export const rollbackConfig = route({
  id: 'config.rollback',
  method: 'POST',
  path: '/api/config/{key}/rollback',
  summary: 'Give a key the value that it had from this version on',
  access,
  audit: 'config.rolled_back',
  params,
  body: z.object({ version: z.int().min(1), reason: z.string().trim().max(500).optional() }),
  answers: { 200: ok(ConfigEntry) },
  problems: ['config.not_found', 'config.version_not_found', 'config.set_by_environment'],
})

export const configRoutes = [
  getConfig,
  updateConfig,
  getConfigKey,
  listConfigHistory,
  rollbackConfig,
] as const
