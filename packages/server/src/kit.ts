import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope, MasterKey } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import type { Activity } from './areas/platform/activity/service.ts'
import type { AuditLog } from './areas/platform/audit/service.ts'
import type { Settings } from './areas/platform/settings/service.ts'
import type { Config } from './config.ts'
import type { Outbound } from './outbound/client.ts'
import type { Tables } from './tables.ts'
import type { Tracing } from './tracing/tracing.ts'
import type { EventFeed } from './work/events/delivery/feed.ts'
import type { Events } from './work/events/service.ts'
import type { Jobs } from './work/jobs/service.ts'
import type { Operations } from './work/operations/service.ts'
import type { Schedules } from './work/schedules/service.ts'

/** What every area is composed from. An area hands on only what a module names. */
export interface Kit {
  config: Config
  logger: Logger
  clock: Clock
  ids: Ids
  database: Database<Tables>
  envelope: Envelope
  /** The one that seals, and all that open: the present one first. */
  masterKey: MasterKey
  masterKeys: readonly [MasterKey, ...MasterKey[]]
  /** The names of all of them. */
  masterKeyIds: readonly string[]
  audit: AuditLog
  /** `append` in the transaction of the change; `subscribe` for caches, on every replica. */
  events: Events & Pick<EventFeed, 'subscribe'>
  jobs: Jobs
  schedules: Schedules
  operations: Operations
  settings: Pick<Settings, 'current' | 'update'>
  activity: Activity
  /** The only way to an address that a user gave. */
  outbound: Outbound
  /** Null when nobody wants traces. */
  tracing: Tracing | null
}
