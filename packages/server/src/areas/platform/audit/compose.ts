import { join } from 'node:path'
import { createSigner, parseSigningSeed, type Signer } from '@holdfast/kernel/crypto/signing'
import { readOrCreateKeyFile } from '@holdfast/kernel/crypto/key-file'
import { randomBytes } from 'node:crypto'
import type { Kit } from '../../../kit.ts'
import { createObjectStore } from '../../../object-store/configured.ts'
import { dataDirectoryOf } from '../../../start/open-database.ts'
import type { Area } from '../../area.ts'
import type { Notifications } from '../notifications/service.ts'
import { createCheckpointFile } from './checkpoints/file.ts'
import { createCheckpointsRepo } from './checkpoints/repo.ts'
import { createCheckpoints } from './checkpoints/service.ts'
import { createAuditKeysRepo } from './keys/repo.ts'
import { createAuditKeys } from './keys/service.ts'
import { createAuditExports } from './export/service.ts'
import { createAuditRepo } from './repo.ts'
import { bindAudit } from './routes.ts'
import { createSegmentsRepo } from './segments/repo.ts'
import { createSegments } from './segments/service.ts'
import { createShipping } from './shipping/service.ts'
import { createAuditTrailRepo } from './trail/repo.ts'
import { createAuditTrail } from './trail/service.ts'
import { auditUpkeepJobs, auditSchedules } from './upkeep.ts'
import { createVerdictsRepo } from './verification/repo.ts'
import { createVerification } from './verification/service.ts'

/** The proving half of the audit chain: reading, exporting, verifying, signing and sealing it. */
export function composeAudit(kit: Kit, notifications: Pick<Notifications, 'add'>) {
  const { config, database, clock } = kit
  const directory = join(dataDirectoryOf(config), 'audit')
  const keys = createAuditKeys({
    ...kit,
    repo: createAuditKeysRepo(database),
    signer: createSignerOnce(config.HOLDFAST_AUDIT_KEY, join(directory, 'signing.key')),
  })
  const entries = createAuditRepo(database)
  const shipping = createShipping({
    targets: config.HOLDFAST_AUDIT_SHIP,
    objectStore: createObjectStore(config),
    jobs: kit.jobs,
  })
  const checkpoints = createCheckpoints({
    repo: createCheckpointsRepo(database),
    file: createCheckpointFile(join(directory, 'checkpoints.ndjson')),
    keys,
    clock,
  })
  const segments = createSegments({
    ...kit,
    repo: createSegmentsRepo(database),
    entries,
    shipping,
    keys,
    directory: join(directory, 'segments'),
  })
  const verdicts = createVerdictsRepo(database)
  const verification = createVerification({
    ...kit,
    repo: verdicts,
    entries,
    checkpoints,
    keys,
    segments,
  })
  const upkeep = auditUpkeepJobs({
    ...kit,
    checkpoints,
    segments,
    shipping,
    verification,
    notifications,
  })
  const trailRepo = createAuditTrailRepo(database)
  const area: Area = {
    routes: bindAudit({
      trail: createAuditTrail({ repo: trailRepo }),
      exports: createAuditExports({ repo: trailRepo }),
      verification,
      checkpoints,
      keys,
      shipping,
    }),
    jobs: [shipping.job, ...upkeep],
    schedules: auditSchedules,
    operations: [verification.operation],
  }
  return { area, checkpoints, segments, verification, upkeep }
}

/** The key is made when it is first needed, so that a command which signs nothing makes no file. */
function createSignerOnce(setting: string | undefined, filePath: string): () => Signer {
  let signer: Signer | undefined
  return () => {
    signer ??= createSigner(
      parseSigningSeed(setting ?? readOrCreateKeyFile(filePath, () => randomBytes(32).toString('base64'))),
    )
    return signer
  }
}
