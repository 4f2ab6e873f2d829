import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope, MasterKey } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import type { AuditLog } from './areas/platform/audit/service.ts'
import type { Config } from './config.ts'
import type { Tables } from './tables.ts'
import type { Events } from './work/events/service.ts'
import type { Jobs } from './work/jobs/service.ts'

/** What every area is composed from. An area hands on only what a module names. */
export interface Kit {
  config: Config
  logger: Logger
  clock: Clock
  ids: Ids
  database: Database<Tables>
  envelope: Envelope
  masterKey: MasterKey
  audit: AuditLog
  events: Events
  jobs: Jobs
}
