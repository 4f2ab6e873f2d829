import {
  type ConfigEntry,
  type ConfigHistoryEntry,
  type ConfigValue,
  configKeysMax,
} from '@holdfast/contracts/platform/config'
import { settingCatalogue, settingNames } from '@holdfast/contracts/platform/settings'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../../context.ts'
import { sealedColumns } from '../../../sealing/columns.ts'
import type { Tables } from '../../../tables.ts'
import type { AuditLog } from '../audit/service.ts'
import { isSettingName, setByEnvironment } from '../settings/rules.ts'
import type { Settings, WantedValue } from '../settings/service.ts'
import type { ConfigStore, StoredChange, StoredValue } from '../settings/stored.ts'
import { documentOf, environmentEntry, type EnvironmentKey, shownChange, storedEntry } from './rules.ts'

/**
 * The configuration: one document of the settings of the catalogue, the variables of the server's environment and free
 * keys. Settings and free keys are stored in one table with one history; the page of settings changes the same values.
 *
 * Invariants: a setting holds what its schema accepts; a sensitive value is sealed, and neither shown nor logged; what
 * the environment sets is shown and cannot be changed; every change raises the version of the document and says old,
 * new, who, why and when; going back to a version is a change as any other.
 * Events: settings.updated, config.updated (see settings).
 */
export interface Configuration {
  document(ctx: Context): Promise<ConfigurationDocument>
  /** Throws request.invalid, config.set_by_environment, config.too_many_keys. Answers the version. */
  change(ctx: Context, changes: readonly KeyChange[], reason: string | null): Promise<number>
  /** Throws config.not_found. */
  get(ctx: Context, key: string): Promise<ConfigEntry>
  /** Newest first, before the version `before`. Throws config.not_found. */
  history(
    ctx: Context,
    key: string,
    page: { limit: number; before: number | null },
  ): Promise<{ rows: ConfigHistoryEntry[]; next: number | null }>
  /** Throws config.not_found, config.version_not_found, config.set_by_environment. */
  rollback(ctx: Context, key: string, version: number, reason: string | null): Promise<ConfigEntry>
}

export interface ConfigurationDocument {
  version: number
  values: Record<string, ConfigValue>
  entries: ConfigEntry[]
}

export interface KeyChange {
  key: string
  /** Null: back to the default, or gone. */
  value: ConfigValue
  /** Absent: as it was. */
  isSensitive?: boolean | undefined
}

interface Needs {
  settings: Pick<Settings, 'current' | 'store' | 'overrides'>
  repo: ConfigStore
  environment: readonly EnvironmentKey[]
  envelope: Pick<Envelope, 'seal'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
}

const { purpose } = sealedColumns.setting

export function createConfiguration(needs: Needs): Configuration {
  const { settings, repo, environment, envelope, database, audit } = needs
  const variables = new Set(environment.map(({ key }) => key))

  async function document(ctx: Context): Promise<ConfigurationDocument> {
    const [stored, last, version] = [
      await repo.readAll(ctx),
      await repo.lastChanges(ctx),
      await repo.version(ctx),
    ]
    const free = [...stored.keys()].filter((key) => !isSettingName(key) && !variables.has(key)).sort()
    const entries = [...settingNames, ...free].map((key) =>
      storedEntry(
        { key, stored: stored.get(key), last: last.get(key) },
        settings.current(),
        settings.overrides,
      ),
    )
    entries.push(...environment.map(environmentEntry))
    return { version, values: documentOf(entries), entries }
  }

  async function get(ctx: Context, key: string): Promise<ConfigEntry> {
    const entry = (await document(ctx)).entries.find((one) => one.key === key)
    if (entry === undefined) throw problem('config.not_found')
    return entry
  }

  const isFixed = (key: string) =>
    variables.has(key) || (isSettingName(key) && settings.overrides[key] !== undefined)
  const refuseFixed = (key: string) =>
    variables.has(key) ? setByEnvironment(key, key) : setByEnvironment(key)

  /** Throws request.invalid for a value that the setting's schema does not accept. */
  function wantedOf({ key, value, isSensitive }: KeyChange, before: StoredValue | undefined): WantedValue {
    if (value === null) return { key, to: null }
    if (!isSettingName(key)) {
      const sealed = isSensitive ?? before?.isSensitive ?? false
      return { key, to: sealed ? sealedValue(value) : { isSensitive: false, value, sealed: null } }
    }
    if (isSensitive === true) throw invalid(key, 'is a setting, and no secret')
    const parsed = settingCatalogue[key].schema.safeParse(value)
    if (!parsed.success) throw invalid(key, parsed.error.issues[0]?.message ?? 'is not accepted')
    return { key, to: { isSensitive: false, value: parsed.data, sealed: null } }
  }

  function sealedValue(value: ConfigValue): StoredValue {
    return { isSensitive: true, value: null, sealed: envelope.seal(JSON.stringify(value), purpose) }
  }

  /** What comes back as it was shown is no change, also when it could not be changed. */
  async function withoutEchoes(ctx: Context, changes: readonly KeyChange[]): Promise<KeyChange[]> {
    if (!changes.some(({ key }) => isFixed(key))) return [...changes]
    const { values } = await document(ctx)
    return changes.filter(({ key, value }) => {
      if (!isFixed(key)) return true
      if (key in values && isDeepStrictEqual(values[key], value)) return false
      throw refuseFixed(key)
    })
  }

  async function store(tx: Context, changes: readonly KeyChange[], reason: string | null) {
    await repo.lock(tx)
    const stored = await repo.readAll(tx)
    const inForce = settings.current()
    const own = (await withoutEchoes(tx, changes)).filter(
      // The default of a setting that nobody has stored need not be stored either.
      ({ key, value }) => stored.has(key) || !isSettingName(key) || !isDeepStrictEqual(value, inForce[key]),
    )
    const wanted = own.map((change) => wantedOf(change, stored.get(change.key)))
    const free = new Set([...stored.keys()].filter((key) => !isSettingName(key)))
    for (const { key, to } of wanted) {
      if (to === null) free.delete(key)
      else if (!isSettingName(key)) free.add(key)
    }
    if (free.size > configKeysMax) throw problem('config.too_many_keys')
    return settings.store(tx, wanted, reason)
  }

  return {
    document,
    get,

    change: (ctx, changes, reason) =>
      database.transaction(ctx, async (tx) => {
        const made = await store(tx, changes, reason)
        const details = { version: made.version, reason, changes: made.changes.map(auditedChange) }
        await audit.append(tx, { target: { type: 'config', id: null }, details })
        return made.version
      }),

    async history(ctx, key, { limit, before }) {
      const rows = await repo.history(ctx, key, limit + 1, before)
      // A free key that is gone still has its history; one that never was has none.
      if (rows.length === 0 && before === null) await get(ctx, key)
      const shown = rows.slice(0, limit)
      return {
        rows: shown.map(shownChange),
        next: rows.length > limit ? (shown.at(-1)?.version ?? null) : null,
      }
    },

    async rollback(ctx, key, version, reason) {
      await database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        if (isFixed(key)) throw refuseFixed(key)
        const then = await repo.change(tx, key, version)
        if (then === undefined) {
          const isKnown = isSettingName(key) || (await repo.history(tx, key, 1, null)).length > 0
          throw problem(isKnown ? 'config.version_not_found' : 'config.not_found')
        }
        const said = reason ?? `Back to version ${version}`
        const made = await settings.store(tx, [{ key, to: then.to }], said)
        const details = { version: made.version, backTo: version, reason: said }
        await audit.append(tx, { target: { type: 'config', id: key }, details })
      })
      const { entries } = await document(ctx)
      // It may be gone again: the version may be the one that removed it.
      return (
        entries.find((one) => one.key === key) ??
        storedEntry({ key, stored: undefined, last: undefined }, settings.current(), settings.overrides)
      )
    },
  }
}

function invalid(key: string, message: string) {
  return problem('request.invalid', {
    sentence: `The value of ${key} is not valid: ${message}.`,
    details: [{ path: `body.${key}`, message }],
  })
}

/** What of a change may be written down where people read. */
function auditedChange({ key, from, to }: StoredChange) {
  return to?.isSensitive === true || from?.isSensitive === true
    ? { key, isSensitive: true, isRemoved: to === null }
    : { key, from: from?.value ?? null, to: to?.value ?? null }
}
