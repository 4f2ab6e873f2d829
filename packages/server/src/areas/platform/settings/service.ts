import {
  type SettingsChange,
  type SettingValues,
  settingDefaults,
} from '@holdfast/contracts/platform/settings'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { SettingsRepo } from './repo.ts'
import { settingChanges, settingsInForce } from './rules.ts'

/**
 * Platform settings: one catalogue (in the contracts), stored where they differ from it, held in memory on every replica.
 *
 * Invariants: what `current()` answers has passed the catalogue's schemas; a change holds on the replica that made it
 * before its answer is sent, and on the others as soon as PostgreSQL has notified them; a replica that was cut off reads
 * again when it is back.
 * Events: settings.updated { names }.
 */
export interface Settings {
  /** Synchronous and cheap: read it at every use, never keep a copy. */
  current(): SettingValues
  /** Answers the settings then in force. */
  update(ctx: Context, change: SettingsChange): Promise<SettingValues>
  part: Part
}

interface Needs {
  repo: SettingsRepo
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  logger: Logger
}

export function createSettings({ repo, database, audit, events, clock, logger }: Needs): Settings {
  let values: SettingValues = settingDefaults
  let readsBegun = 0
  let readInForce = 0
  let stopListening: (() => Promise<void>) | undefined

  async function reload(): Promise<void> {
    // Reads may overlap and end in any order: what a later one has found is never replaced by an earlier one's.
    const turn = ++readsBegun
    const inForce = settingsInForce(await repo.readAll({}))
    if (turn < readInForce) return
    readInForce = turn
    values = inForce.values
    if (inForce.refused.length > 0) {
      logger.warn({ settings: inForce.refused }, 'These stored settings are not valid; their defaults apply.')
    }
  }

  return {
    current: () => values,

    update: (ctx, change) =>
      database.transaction(ctx, async (tx) => {
        await repo.lock(tx)
        const before = settingsInForce(await repo.readAll(tx)).values
        const changes = settingChanges(before, change)
        for (const { name, to } of changes) await repo.write(tx, name, to, clock.now())
        if (changes.length > 0) {
          await events.append(tx, {
            type: 'settings.updated',
            data: { names: changes.map(({ name }) => name) },
          })
          await repo.announce(tx)
          await database.afterCommit(tx, reload)
        }
        await audit.append(tx, { target: { type: 'settings', id: null }, details: { changes } })
        return settingsInForce(await repo.readAll(tx)).values
      }),

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
