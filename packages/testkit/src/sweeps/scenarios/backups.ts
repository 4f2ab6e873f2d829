import {
  createBackup,
  deleteBackup,
  downloadBackup,
  listBackups,
  restoreBackup,
} from '@holdfast/contracts/platform/backups'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'

interface Made {
  state?: 'running' | 'ready' | 'failed'
  encryption?: 'none' | 'passphrase'
  hasFile?: boolean
  location?: 'disk' | 's3'
}

/** A row as the backups module writes it, with a file that no restore would take. */
async function makeBackup(world: World, made: Made = {}) {
  const { state = 'ready', encryption = 'none', hasFile = true, location = 'disk' } = made
  const id = randomUUID()
  const directory = join(world.server.dataDirectory, 'backups')
  const fileName = `${id}.tar.gz`
  await mkdir(directory, { recursive: true })
  if (hasFile) await writeFile(join(directory, fileName), 'not a backup')
  const at = world.server.clock.now().toISOString()
  await world.server.database.kysely
    .insertInto('backups')
    .values({
      id,
      state,
      origin: 'manual',
      file_name: fileName,
      encryption,
      location,
      server: 'test',
      version: '0',
      created_at: at,
    })
    .execute()
  return { params: { backupId: id } }
}

async function startOne(world: World) {
  await world.server.database.kysely
    .insertInto('operations')
    .values({
      id: randomUUID(),
      kind: 'backups.create',
      state: 'running',
      input: '{}',
      target_type: 'backup',
      created_at: world.server.clock.now().toISOString(),
      updated_at: world.server.clock.now().toISOString(),
    })
    .execute()
}

/** One at a time: what another scenario has begun counts as ended. */
async function idle(world: World) {
  await world.server.database.kysely
    .updateTable('operations')
    .set({ state: 'cancelled', finished_at: world.server.clock.now().toISOString() })
    .where('kind', 'like', 'backups.%')
    .where('finished_at', 'is', null)
    .execute()
}

const notFound = () => ({ params: { backupId: unknownId } })
const notReady = (world: World) => makeBackup(world, { state: 'failed' })
const inNoBucket = (world: World) => makeBackup(world, { location: 's3' })
const fileMissing = (world: World) => makeBackup(world, { hasFile: false })

export const backupScenarios = [
  scenario(createBackup, {
    success: async (world) => {
      await idle(world)
      return { body: {} }
    },
    problems: {
      'backups.already_running': {
        environment: {},
        way: async (world) => {
          await startOne(world)
          return { body: {} }
        },
      },
      'backups.store_unavailable': {
        environment: {},
        way: async (world) => {
          await (await world.adminClient()).call(updateSettings, { body: { backupDestination: 's3' } })
          return { body: {} }
        },
      },
    },
  }),
  scenario(listBackups, { success: () => ({}) }),
  scenario(downloadBackup, {
    success: (world) => makeBackup(world),
    problems: {
      'backups.not_found': notFound,
      'backups.not_ready': notReady,
      'backups.file_missing': fileMissing,
      'backups.store_unavailable': inNoBucket,
    },
  }),
  scenario(deleteBackup, {
    success: (world) => makeBackup(world),
    problems: {
      'backups.not_found': notFound,
      'backups.already_running': (world) => makeBackup(world, { state: 'running' }),
    },
  }),
  scenario(restoreBackup, {
    success: async (world) => {
      await idle(world)
      return { ...(await makeBackup(world)), body: {} }
    },
    problems: {
      'backups.not_found': () => ({ ...notFound(), body: {} }),
      'backups.not_ready': async (world) => ({ ...(await notReady(world)), body: {} }),
      'backups.file_missing': async (world) => ({ ...(await fileMissing(world)), body: {} }),
      'backups.store_unavailable': async (world) => ({ ...(await inNoBucket(world)), body: {} }),
      'backups.key_needed': async (world) => ({
        ...(await makeBackup(world, { encryption: 'passphrase' })),
        body: {},
      }),
      'backups.already_running': {
        environment: {},
        way: async (world) => {
          await startOne(world)
          return { ...(await makeBackup(world)), body: {} }
        },
      },
    },
  }),
]
