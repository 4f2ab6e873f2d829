import type { Context } from '../../../context.ts'

/** What the settings and the configuration, which share a table, have in common. */

/** A value as it is stored: readable, or sealed. */
export interface StoredValue {
  isSensitive: boolean
  /** Null when it is sealed. */
  value: unknown
  sealed: string | null
}

/** A change of one key. `null` is: not stored, so that the default holds or there is nothing. */
export interface StoredChange {
  key: string
  from: StoredValue | null
  to: StoredValue | null
}

/** Who changed it, when and why. */
export interface ChangeFacts {
  version: number
  changedBy: string | null
  changedByName: string
  reason: string | null
  at: Date
}

export interface HistoryRow extends StoredChange, Omit<ChangeFacts, 'at'> {
  isSensitive: boolean
  at: string
}

/** What the configuration reads and locks of that table. */
export interface ConfigStore {
  readAll(ctx: Context): Promise<Map<string, StoredValue>>
  lock(ctx: Context): Promise<void>
  version(ctx: Context): Promise<number>
  history(ctx: Context, key: string, limit: number, before: number | null): Promise<HistoryRow[]>
  change(ctx: Context, key: string, version: number): Promise<HistoryRow | undefined>
  lastChanges(ctx: Context): Promise<Map<string, HistoryRow>>
}
