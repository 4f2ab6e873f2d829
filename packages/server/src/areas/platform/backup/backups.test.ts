import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backup } from '@holdfast/contracts/platform/backups'
import type { Operation } from '@holdfast/contracts/platform/operations'
import { createEnvelope } from '@holdfast/kernel/crypto/envelope'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { systemContext } from '../../../context.ts'
import { readArchive } from './archive/read.ts'
import { beyondKept, createOperation, cronOf, passphrasePurpose, restoreOperation } from './rules.ts'

describe('backups', () => {
  let server: TestServer
  let headers: Record<string, string>
  let ask: ReturnType<typeof createAsk>
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
    headers = (await server.as('superAdmin')).headers
  })
  afterAll(() => server.stop())

  const operation = async (id: string): Promise<Operation> =>
    (await ask('GET', `/api/operations/${id}`, { headers })).body.data
  const listed = async (): Promise<Backup[]> =>
    (await ask('GET', '/api/config/backups', { headers })).body.data
  const files = async () => (await readdir(join(server.dataDirectory, 'backups'))).toSorted()

  async function make(body: object = {}): Promise<{ backup: Backup; operation: Operation }> {
    const answer = await ask('POST', '/api/config/backup', { body, headers })
    expect(answer.status).toBe(202)
    const { id } = answer.body.data
    await until(async () => (await operation(id)).finishedAt !== null, { timeoutMs: 60_000 })
    const backup = (await listed()).find((one) => one.backup_id === answer.body.backup_id)
    if (backup === undefined) throw new Error('It is not in the list.')
    return { backup, operation: await operation(id) }
  }

  async function download({ backup_id: id }: Backup): Promise<Buffer> {
    const response = await fetch(`${server.url}/api/config/backups/${id}/download`, { headers })
    expect(response.status).toBe(200)
    return Buffer.from(await response.arrayBuffer())
  }

  async function entriesIn(content: Buffer, passphrase?: string): Promise<string[]> {
    const names: string[] = []
    async function* once() {
      yield content
    }
    for await (const { name } of readArchive(once(), passphrase === undefined ? null : { passphrase }))
      names.push(name)
    return names
  }

  it('one is made, tried in an empty database, listed, and downloaded as it was made', async () => {
    const { backup, operation } = await make()
    expect(operation.problem).toBeNull()
    expect(backup).toMatchObject({ state: 'ready', encryption: 'none', location: 'disk', error: null })
    expect(backup.rows).toBeGreaterThan(10)
    expect(backup.verified_at).not.toBeNull()
    const content = await download(backup)
    expect(createHash('sha256').update(content).digest('hex')).toBe(backup.checksum)
    expect(content.length).toBe(backup.size_bytes)
    const names = await entriesIn(content)
    expect([names[0], names.at(-1)]).toEqual(['header.json', 'manifest.json'])
    expect(await files()).toEqual([backup.file_name])
    const { rows } = await server.database.pool.query<{ name: string }>(
      `select datname as name from pg_database where datname like current_database() || '_scratch_%'`,
    )
    expect(rows).toEqual([])
  })

  it('no key, password or passphrase stands in one in the open', async () => {
    const passphrase = 'correct horse battery staple'
    await ask('PUT', '/api/settings', { body: { appName: 'Marked so that it is found' }, headers })
    const { backup } = await make()
    const content = await download(backup)
    let text = ''
    async function* once() {
      yield content
    }
    for await (const entry of readArchive(once(), null)) text += entry.content.toString('latin1')
    expect(text).toContain('Marked so that it is found')
    for (const secret of [
      headers.authorization?.slice(7) ?? 'none',
      passphrase,
      Buffer.alloc(32, 7).toString('base64'),
    ])
      expect(text.includes(secret)).toBe(false)
    expect(text).not.toContain('/sessions')
  })

  it('with a passphrase the file opens with it alone, and the passphrase is not kept', async () => {
    const passphrase = 'correct horse battery staple'
    const { backup } = await make({ passphrase })
    expect(backup).toMatchObject({ encryption: 'passphrase', state: 'ready', error: null })
    const content = await download(backup)
    expect((await entriesIn(content, passphrase)).at(-1)).toBe('manifest.json')
    const { rows } = await server.database.pool.query('select passphrase_sealed from backups')
    expect(rows.every(({ passphrase_sealed: sealed }) => sealed === null)).toBe(true)
  })

  it('deleting one removes its file; a stranger to administration sees and does nothing', async () => {
    const { backup } = await make()
    const other = await server.as(['view', 'manage_users', 'manage_api', 'view_logs'])
    const refused = await ask('DELETE', `/api/config/backups/${backup.backup_id}`, { headers: other.headers })
    expect(refused.status).toBe(403)
    expect(await files()).toContain(backup.file_name)
    const gone = await ask('DELETE', `/api/config/backups/${backup.backup_id}`, { headers })
    expect(gone.status).toBe(200)
    expect(await files()).not.toContain(backup.file_name)
  })

  it('a recipient that is none makes the backup fail with a sentence and leaves no file', async () => {
    await ask('PUT', '/api/settings', { body: { backupRecipient: 'age1nobody' }, headers })
    const before = await files()
    const { backup, operation } = await make()
    expect(backup).toMatchObject({ state: 'failed', error: expect.stringContaining('recipient') })
    expect(operation.problem?.error).toBe(backup.error)
    expect(await files()).toEqual(before)
    await ask('PUT', '/api/settings', { body: { backupRecipient: '' }, headers })
  })

  it('what a killed server has left is removed by the next one, and is never in the list', async () => {
    await writeFile(join(server.dataDirectory, 'backups', 'half.tar.gz.part'), 'half')
    await make()
    expect(await files()).not.toContain('half.tar.gz.part')
  })

  it('a backup whose operation was cancelled before it began has failed, keeps no passphrase, and can be deleted', async () => {
    const id = randomUUID()
    const { pool } = server.database
    await pool.query(
      `insert into backups (id, state, origin, file_name, encryption, passphrase_sealed, location, server, version, created_at)
       values ($1, 'running', 'manual', 'never.tar.gz', 'passphrase', 'sealed', 'disk', 'here', '0', now())`,
      [id],
    )
    const making = server.platform.backup.area.operations?.find(({ name }) => name === createOperation)
    await making?.giveUp?.(systemContext('test'), { backupId: id })
    const { rows } = await pool.query('select state, error, passphrase_sealed from backups where id = $1', [
      id,
    ])
    expect(rows).toEqual([
      { state: 'failed', error: 'It was stopped before its end.', passphrase_sealed: null },
    ])
    expect((await ask('DELETE', `/api/config/backups/${id}`, { headers })).status).toBe(200)
  })

  it('a server that does not have the file refuses to restore it, and nothing has changed', async () => {
    const { backup } = await make()
    const directory = await mkdtemp(join(tmpdir(), 'test-elsewhere-'))
    const elsewhere = await server.replica({ HOLDFAST_DATA: directory })
    onTestFinished(async () => {
      await elsewhere.stop()
      await rm(directory, { recursive: true })
    })
    const traces = async () =>
      (
        await server.database.pool.query(
          'select (select count(*) from operations) as operations, (select count(*) from audit_entries) as audited',
        )
      ).rows
    const before = await traces()
    const path = `/api/config/restore/${backup.backup_id}`
    const refused = await createAsk(elsewhere.url)('POST', path, { body: {}, headers })
    expect([refused.body.code, refused.body.error]).toEqual([
      'backups.file_missing',
      expect.stringContaining(backup.server),
    ])
    expect(await traces()).toEqual(before)
  })

  it('a restore from disk is left to servers with this data directory, whichever takes up other work', async () => {
    const { backup } = await make()
    const { pool } = server.database
    await pool.query(`create schema noted; create table noted.jobs (name text)`)
    await pool.query(`create function noted.job() returns trigger language plpgsql as $$ begin
      insert into noted.jobs select identifier from graphile_worker._private_tasks where id = new.task_id;
      return new; end $$`)
    await pool.query(`create trigger noted after insert on graphile_worker._private_jobs
      for each row execute function noted.job()`)
    // Somebody else makes a backup, so that the restore ends before it has begun.
    const other = await pool.connect()
    await other.query('select pg_advisory_lock(7523094287979573616)')
    try {
      const path = `/api/config/restore/${backup.backup_id}`
      const { body } = await ask('POST', path, { body: {}, headers })
      await until(async () => (await operation(body.data.id)).finishedAt !== null, { timeoutMs: 60_000 })
      expect((await operation(body.data.id)).state).toBe('failed')
    } finally {
      other.release(true)
      await pool.query('drop trigger noted on graphile_worker._private_jobs')
    }
    const place = (await readFile(join(server.dataDirectory, 'place'), 'utf8')).trim()
    const { rows } = await pool.query('select name from noted.jobs')
    expect(rows).toContainEqual({ name: `operations.run@${place}` })
    expect(rows).not.toContainEqual({ name: 'operations.run' })
  })

  it('the schedule makes them, and keeps as many as it should', async () => {
    const settings = { backupSchedule: 'hourly', backupTime: '00:30', backupKeep: 2 }
    await ask('PUT', '/api/settings', { body: settings, headers })
    const scheduled = async () =>
      (
        await server.database.pool.query<{ id: string; state: string }>(
          `select id, state from backups where origin = 'scheduled' order by created_at desc`,
        )
      ).rows
    await until(async () => {
      const { rowCount } = await server.database.pool.query(
        `select from schedules where name = 'backups.scheduled' and enabled`,
      )
      return rowCount === 1
    })
    const newest: string[] = []
    for (let count = 0; count < 3; count += 1) {
      server.clock.advance(3_600_000)
      await until(
        async () => {
          const [latest] = await scheduled()
          return latest?.state === 'ready' && !newest.includes(latest.id)
        },
        { timeoutMs: 60_000 },
      )
      newest.push((await scheduled())[0]?.id ?? '')
    }
    await until(async () => (await scheduled()).length === 2)
    expect((await scheduled()).map(({ id }) => id)).toEqual([newest[2], newest[1]])
    headers = (await server.as('superAdmin')).headers
    await ask('PUT', '/api/settings', { body: { backupSchedule: 'off' }, headers })
    await until(async () => {
      const { rowCount } = await server.database.pool.query(
        `select from schedules where name = 'backups.scheduled'`,
      )
      return rowCount === 0
    })
  })
})

it('a restore that is stopped in its middle opens the file again when it is run again, and then forgets the passphrase', {
  // Its file is opened four times, and a passphrase is made to be slow.
  timeout: 120_000,
}, async () => {
  const server = await startTestServer()
  onTestFinished(() => server.stop())
  const { headers } = await server.as('superAdmin')
  const ask = createAsk(server.url)
  const passphrase = 'correct horse battery staple'
  const { body } = await ask('POST', '/api/config/backup', { body: { passphrase }, headers })
  const id: string = body.backup_id
  const { pool } = server.database
  const listed = async (schema: string) =>
    (
      await pool.query<{ state: string; sealed: string | null }>(
        `select state, passphrase_sealed as sealed from ${schema}.backups where id = $1`,
        [id],
      )
    ).rows[0]
  await until(async () => (await listed('public'))?.state === 'ready', { timeoutMs: 60_000 })
  const kept = async () =>
    (
      await pool.query<{ name: string }>(
        `select nspname as name from pg_namespace where nspname ~ '^before_restore_[0-9t]+$'`,
      )
    ).rows.map(({ name }) => name)

  // As the route has left it when the operation begins.
  const sealed = createEnvelope([{ id: 'testtest', key: Buffer.alloc(32, 7) }]).seal(
    passphrase,
    passphrasePurpose,
  )
  await pool.query('update backups set passphrase_sealed = $1 where id = $2', [sealed, id])
  const restore = server.platform.backup.area.operations?.find(({ name }) => name === restoreOperation)
  const stopped = new AbortController()
  const run = (signal: AbortSignal, progress: () => void) =>
    restore?.run(systemContext('test', signal), { id: 'test', input: { backupId: id }, progress })
  await expect(run(stopped.signal, () => stopped.abort(new Error('The server stops.')))).rejects.toThrow(
    'server stops',
  )
  expect([await kept(), (await listed('public'))?.sealed]).toEqual([[], sealed])

  await run(new AbortController().signal, () => {})
  const [schema] = await kept()
  expect([await listed('public'), await listed(schema ?? '')]).toMatchObject([
    { state: 'ready', sealed: null },
    { state: 'ready', sealed: null },
  ])
})

it('the schedule of the settings is a time', () => {
  expect(cronOf({ backupSchedule: 'off', backupTime: '03:15' })).toBeNull()
  expect(cronOf({ backupSchedule: 'hourly', backupTime: '03:15' })).toBe('15 * * * *')
  expect(cronOf({ backupSchedule: 'daily', backupTime: '03:05' })).toBe('5 3 * * *')
  expect(cronOf({ backupSchedule: 'weekly', backupTime: '23:00' })).toBe('0 23 * * 0')
  expect(beyondKept(['c', 'b', 'a'], 2)).toEqual(['a'])
})
