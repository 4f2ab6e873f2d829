import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Backup } from '@holdfast/contracts/platform/backups'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { type S3Server, startS3Server } from '@holdfast/testkit/s3-server'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Store } from '../../../object-store/s3.ts'

const waitMs = { timeoutMs: 60_000 }

describe('backups in a bucket', () => {
  let s3: S3Server
  let server: TestServer
  let headers: Record<string, string>
  let ask: ReturnType<typeof createAsk>
  beforeAll(async () => {
    s3 = await startS3Server()
    server = await startTestServer({
      HOLDFAST_S3_URL: `${s3.url}/servers`,
      HOLDFAST_S3_ACCESS_KEY_ID: s3.accessKeyId,
      HOLDFAST_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    })
    ask = createAsk(server.url)
    headers = (await server.as('superAdmin')).headers
    await ask('PUT', '/api/settings', { body: { backupDestination: 's3' }, headers })
  })
  afterAll(async () => {
    await server.stop()
    await s3.stop()
  })

  const keyOf = ({ file_name: name }: Backup) => `servers/backups/${name}`
  const listed = async (): Promise<Backup[]> =>
    (await ask('GET', '/api/config/backups', { headers })).body.data

  async function make(): Promise<Backup> {
    const { status, body } = await ask('POST', '/api/config/backup', { body: {}, headers })
    expect(status).toBe(202)
    const made = async () => (await listed()).find((one) => one.backup_id === body.backup_id)
    return until(async () => {
      const backup = await made()
      return backup?.state === 'running' ? undefined : backup
    }, waitMs)
  }

  it('one is proven, kept in the bucket alone, downloaded as it was made, and deleted', async () => {
    const backup = await make()
    expect(backup).toMatchObject({ state: 'ready', location: 's3', error: null })
    const kept = s3.objects.get(keyOf(backup)) ?? Buffer.of()
    expect(createHash('sha256').update(kept).digest('hex')).toBe(backup.checksum)
    expect(await readdir(join(server.dataDirectory, 'backups'))).toEqual([])
    const path = `/api/config/backups/${backup.backup_id}`
    const response = await fetch(`${server.url}${path}/download`, { headers })
    expect(Buffer.from(await response.arrayBuffer()).equals(kept)).toBe(true)
    expect((await ask('DELETE', path, { headers })).status).toBe(200)
    expect(s3.objects.has(keyOf(backup))).toBe(false)
  })

  it('while the bucket is gone a download is refused, a backup fails, and both say what to look at', async () => {
    const backup = await make()
    s3.bucket.remove()
    const path = `/api/config/backups/${backup.backup_id}`
    const refused = await ask('GET', `${path}/download`, { headers })
    expect(refused.status).toBe(503)
    expect(refused.body).toMatchObject({
      code: 'backups.store_unavailable',
      error: expect.stringMatching(/NoSuchBucket.*HOLDFAST_S3_URL/),
    })
    const failed = await make()
    expect(failed).toMatchObject({ state: 'failed', error: refused.body.error })
    expect(await readdir(join(server.dataDirectory, 'backups'))).toEqual([])
    s3.bucket.put()
    expect((await fetch(`${server.url}${path}/download`, { headers })).status).toBe(200)
  })

  it('the schedule removes old ones from the bucket', async () => {
    const settings = { backupSchedule: 'hourly', backupTime: '00:30', backupKeep: 1 }
    await ask('PUT', '/api/settings', { body: settings, headers })
    const scheduled = async () =>
      (
        await server.database.pool.query<{ id: string; state: string; file_name: string }>(
          `select id, state, file_name from backups where origin = 'scheduled' order by created_at`,
        )
      ).rows
    await until(async () => {
      const { rowCount } = await server.database.pool.query(
        `select from schedules where name = 'backups.scheduled' and enabled`,
      )
      return rowCount === 1
    })
    const oneMore = async (seen: readonly string[]) => {
      server.clock.advance(3_600_000)
      return until(
        async () => (await scheduled()).find(({ id, state }) => state === 'ready' && !seen.includes(id)),
        waitMs,
      )
    }
    const first = await oneMore([])
    const second = await oneMore([first.id])
    await until(async () => (await scheduled()).length === 1)
    expect((await scheduled()).map(({ id }) => id)).toEqual([second.id])
    expect(s3.objects.has(`servers/backups/${first.file_name}`)).toBe(false)
    expect(s3.objects.has(`servers/backups/${second.file_name}`)).toBe(true)
  })
})

it('a bucket takes what is too large for one request in parts, and another key is refused', async () => {
  const s3 = await startS3Server()
  const options = { ...s3, region: 'eu-north-1', url: new URL(s3.url) }
  const store = createS3Store(options)
  const other = createS3Store({ ...options, secretAccessKey: 'guessed' })
  try {
    const content = randomBytes(6 * 1024 * 1024)
    async function* pieces() {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536)
    }
    await store.putStream('large one', pieces())
    expect(s3.uploadsInParts()).toBe(1)
    expect(s3.objects.get('large one')?.equals(content)).toBe(true)
    await expect(other.get('large one')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    expect(await store.get('nothing')).toBeNull()
  } finally {
    store.close()
    other.close()
    await s3.stop()
  }
})
