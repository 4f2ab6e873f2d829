import { type SettingsChange, type SettingValues } from '@holdfast/contracts/platform/settings'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { SettingsRepo } from './repo.ts'
import type { StoredChange, StoredValue } from './stored.ts'
import {
  isSettingName,
  readableValues,
  sameStored,
  setByEnvironment,
  settingChanges,
  settingsInForce,
} from './rules.ts'

/**
 * Platform settings: one catalogue (in the contracts), stored where they differ from it, held in memory on every replica.
 * The free keys of the configuration are stored among them; both have one history.
 *
 * Invariants: what `current()` answers has passed the catalogue's schemas; a change holds on the replica that made it
 * before its answer is sent, and on the others as soon as PostgreSQL has notified them; a replica that was cut off reads
 * again when it is back; what the environment sets (`HOLDFAST_SETTINGS`) is in force whatever is stored, and cannot be
 * changed here; every change has a version, and says who made it.
 * Events: settings.updated { names }, config.updated { keys, version } for free keys.
 */
export interface Settings {
  /** Synchronous and cheap: read it at every use, never keep a copy. */
  current(): SettingValues
  /** Answers the settings then in force. Throws config.set_by_environment. */
  update(ctx: Context, change: SettingsChange): Promise<SettingValues>
  /**
   * Writes changes of any keys with their history, in the transaction of the caller, who has locked the settings, checked
   * the values and appends the audit entry. What is stored so already is left out of the answer.
   */
  store(ctx: Context, wanted: readonly WantedValue[], reason: string | null): Promise<StoredChanges>
  /** What the environment sets, by name. */
  overrides: SettingsChange
  part: Part
}

export interface WantedValue {
  key: string
  /** Null: not stored any more. */
  to: StoredValue | null
}

export interface StoredChanges {
  /** Of the document, after the changes. */
  version: number
  changes: StoredChange[]
}

interface Needs {
  repo: SettingsRepo
  /** What the environment sets; wins over what is stored. */
  overrides?: SettingsChange
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  logger: Logger
}

export function createSettings({
  repo,
  overrides = {},
  database,
  audit,
  events,
  clock,
  logger,
}: Needs): Settings {
  let values = settingsInForce(new Map(), overrides).values
  let readsBegun = 0
  let readInForce = 0
  let stopListening: (() => Promise<void>) | undefined

  async function reload(): Promise<void> {
    // Reads may overlap and end in any order: what a later one has found is never replaced by an earlier one's.
    const turn = ++readsBegun
    const read = await inForce({})
    if (turn < readInForce) return
    readInForce = turn
    values = read.values
    if (read.refused.length > 0) {
      logger.warn({ settings: read.refused }, 'These stored settings are not valid; their defaults apply.')
    }
  }

  async function inForce(ctx: Partial<Pick<Context, 'tx'>>) {
    return settingsInForce(readableValues(await repo.readAll(ctx)), overrides)
  }

  async function store(
    tx: Context,
    wanted: readonly WantedValue[],
    reason: string | null,
  ): Promise<StoredChanges> {
    const [stored, before] = [await repo.readAll(tx), await repo.version(tx)]
    const changes = wanted
      .map(({ key, to }) => ({ key, from: stored.get(key) ?? null, to }))
      .filter(({ from, to }) => !sameStored(from, to))
    if (changes.length === 0) return { version: before, changes }
    const version = before + 1
    const { actor } = tx
    await repo.write(tx, changes, {
      version,
      changedBy: actor.kind === 'user' ? actor.userId : null,
      changedByName: actor.kind === 'user' ? actor.login : actor.kind === 'system' ? actor.name : 'anonymous',
      reason,
      at: clock.now(),
    })
    const keys = changes.map(({ key }) => key)
    const [names, free] = [keys.filter(isSettingName), keys.filter((key) => !isSettingName(key))]
    if (names.length > 0) await events.append(tx, { type: 'settings.updated', data: { names } })
    if (free.length > 0) await events.append(tx, { type: 'config.updated', data: { keys: free, version } })
    await repo.announce(tx)
    await database.afterCommit(tx, reload)
    return { version, changes }
  }

  return {
    current: () => values,

    update: (ctx, change) =>
      database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        const before = (await inForce(tx)).values
        const changes = settingChanges(before, change)
        const fixed = changes.find(({ name }) => overrides[name] !== undefined)
        if (fixed !== undefined) throw setByEnvironment(fixed.name)
        const wanted = changes.map(({ name, to }) => ({
          key: name,
          to: { isSensitive: false, value: to, sealed: null },
        }))
        await store(tx, wanted, null)
        await audit.append(tx, { target: { type: 'settings', id: null }, details: { changes } })
        return (await inForce(tx)).values
      }),

    store,
    overrides,

    part: {
      name: 'settings',
      async start() {
        stopListening = await repo.listen(reload)
        await reload()
      },
      async stop() {
        await stopListening?.()
      },
    },
  }
}
