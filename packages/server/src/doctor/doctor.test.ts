import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrations } from '@holdfast/database/migration-files'
import { createTestClock, systemClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createTestDatabase } from '@holdfast/testkit/database'
import { startDiscovery } from '@holdfast/testkit/discovery-server'
import { startTestServer } from '@holdfast/testkit/harness'
import { startS3Server } from '@holdfast/testkit/s3-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../config.ts'
import { migrationsDirectory } from '../start/open-database.ts'
import { migrateJobs } from '../work/jobs/migrate.ts'
import { examineBucket } from './bucket.ts'
import type { Finding } from './finding.ts'
import { examineMachine } from './machine.ts'
import { createDoctorRepo } from './repo.ts'
import { examineDatabase, examineServices } from './services.ts'
import { examineSignIn } from './sign-in.ts'
import { examineState } from './state.ts'

const stateOf = (findings: readonly Finding[], check: string) =>
  findings.find((finding) => finding.check === check)?.state
const sentenceOf = (findings: readonly Finding[], check: string) =>
  findings.find((finding) => finding.check === check)?.sentence

async function machine(environment: Record<string, string> = {}) {
  const data = await mkdtemp(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rm(data, { recursive: true }))
  const config = readConfig({ HOLDFAST_DATA: data, PORT: '0', ...environment })
  return { data, examine: () => examineMachine(config) }
}

describe('the doctor', () => {
  it('finds nothing in the way on a machine that is well', async () => {
    const { data, examine } = await machine()
    await writeFile(join(data, 'master.key'), Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 })
    const findings = await examine()
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([])
    expect(stateOf(findings, 'master key')).toBe('ok')
  })

  it('says how to close a key that others can read, and when a file holds none', async () => {
    const { data, examine } = await machine()
    const path = join(data, 'master.key')
    await writeFile(path, Buffer.alloc(32, 1).toString('base64'))
    await chmod(path, 0o644)
    expect(sentenceOf(await examine(), 'master key')).toContain(`chmod 600 ${path}`)
    await chmod(path, 0o600)
    await writeFile(path, 'short')
    expect(stateOf(await examine(), 'master key')).toBe('fail')
  })

  it('tells a port that another program has from one where Holdfast answers', async () => {
    let body = 'hello'
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const { examine } = await machine({ PORT: String(typeof address === 'object' ? address?.port : 0) })
    expect(stateOf(await examine(), 'port')).toBe('fail')
    body = '{"status":"healthy"}'
    expect(stateOf(await examine(), 'port')).toBe('ok')
  })

  it('looks at the database: version, schema, role, clock', async () => {
    const { database, drop } = await createTestDatabase()
    onTestFinished(drop)
    const repo = createDoctorRepo(database)
    const files = await readMigrations(migrationsDirectory)
    const well = await examineDatabase(repo, files, systemClock)
    expect(well.filter(({ state }) => state !== 'ok')).toEqual([])
    const late = await examineDatabase(repo, files, createTestClock(new Date('2020-01-01T00:00:00Z')))
    expect(stateOf(late, 'clock')).toBe('fail')
    const older = await examineDatabase(repo, files.slice(0, -1), systemClock)
    expect([stateOf(older, 'schema'), sentenceOf(older, 'schema')]).toEqual([
      'fail',
      expect.stringContaining('newer than this program'),
    ])
    const [last] = files.slice(-1)
    if (last === undefined) throw new Error('There are no migrations.')
    const newer = [...files, { ...last, name: '209901010000_future' }]
    expect(stateOf(await examineDatabase(repo, newer, systemClock), 'schema')).toBe('warn')
  })

  it('tells a gateway port that another program has, which the server can do without', async () => {
    let body = 'hello'
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = String(typeof address === 'object' ? address?.port : 0)
    const { examine } = await machine({ HOLDFAST_GATEWAY_PORT: port })
    const taken = await examine()
    expect([stateOf(taken, 'gateway port'), sentenceOf(taken, 'gateway port')]).toEqual([
      'warn',
      expect.stringContaining('HOLDFAST_GATEWAY_PORT'),
    ])
    body = '{"status":"waiting","configSource":"none"}'
    expect(stateOf(await examine(), 'gateway port')).toBe('ok')
  })

  it('looks at the audit key as at the master key', async () => {
    const { data, examine } = await machine()
    expect(stateOf(await examine(), 'audit key')).toBe('warn')
    const path = join(data, 'audit', 'signing.key')
    await mkdir(join(data, 'audit'))
    await writeFile(path, Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 })
    expect(stateOf(await examine(), 'audit key')).toBe('ok')
    await chmod(path, 0o644)
    expect(sentenceOf(await examine(), 'audit key')).toContain(`chmod 600 ${path}`)
    await chmod(path, 0o600)
    await writeFile(path, 'short')
    expect(stateOf(await examine(), 'audit key')).toBe('fail')
  })

  it('tries the bucket, leaves nothing in it, and says what it cannot do', async () => {
    const s3 = await startS3Server()
    onTestFinished(() => s3.stop())
    const bucketAt = (url: string) =>
      examineBucket(
        readConfig({
          HOLDFAST_S3_URL: url,
          HOLDFAST_S3_ACCESS_KEY_ID: s3.accessKeyId,
          HOLDFAST_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        }),
        10_000,
      )
    expect(await bucketAt(s3.url)).toMatchObject({ state: 'ok' })
    expect(s3.objects.size).toBe(0)
    s3.bucket.remove()
    expect(await bucketAt(s3.url)).toMatchObject({
      state: 'fail',
      sentence: expect.stringMatching(/cannot write into .*NoSuchBucket.*HOLDFAST_S3_URL/),
    })
  })

  it('does not wait for a bucket that never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const address = silent.address()
    const config = readConfig({
      HOLDFAST_S3_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/bucket`,
      HOLDFAST_S3_ACCESS_KEY_ID: 'key',
      HOLDFAST_S3_SECRET_ACCESS_KEY: 'secret',
    })
    expect(await examineBucket(config, 300)).toMatchObject({
      state: 'fail',
      sentence: expect.stringContaining('no answer after 0.3 seconds'),
    })
  })

  it('asks whether people can be sent to where they sign in', async () => {
    const signIn = (environment: Record<string, string>) => examineSignIn(readConfig(environment), 5_000)
    expect(await signIn({})).toMatchObject([{ state: 'ok' }])
    const issuer = await startDiscovery()
    const well = { HOLDFAST_OIDC_ISSUER: issuer, HOLDFAST_OIDC_CLIENT_ID: 'client' }
    expect(await signIn(well)).toMatchObject([{ check: 'OpenID sign-in', state: 'ok' }])
    const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret', HOLDFAST_GITHUB_URL: issuer }
    expect(await signIn(github)).toMatchObject([{ check: 'GitHub sign-in', state: 'ok' }])
    const nowhere = 'http://127.0.0.1:1/'
    expect(
      await signIn({ ...well, HOLDFAST_OIDC_ISSUER: nowhere, ...github, HOLDFAST_GITHUB_URL: nowhere }),
    ).toMatchObject([
      { state: 'fail', sentence: expect.stringContaining('HOLDFAST_GITHUB_URL') },
      { state: 'fail', sentence: expect.stringContaining('HOLDFAST_OIDC_ISSUER') },
    ])
    const half = await signIn({ GITHUB_CLIENT_ID: 'id', HOLDFAST_OIDC_CLIENT_ID: 'client' })
    expect(half.map(({ state }) => state)).toEqual(['fail', 'fail'])
  })

  it('finds what the product has left undone, and says what to do', async () => {
    const { database, drop } = await createTestDatabase()
    onTestFinished(drop)
    const repo = createDoctorRepo(database)
    const examine = () => examineState(repo)
    const run = (text: string) => database.pool.query(text)
    await migrateJobs(database, silentLogger)
    expect((await examine()).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])

    await run(`select graphile_worker.add_job('things.fail', max_attempts := 1)`)
    await run('update graphile_worker._private_jobs set attempts = 1')
    await run(`insert into event_consumers (name, transaction_id, sequence) values ('letters', '0', -1)`)
    await run(
      `insert into events (id, type, occurred_at, data) values (gen_random_uuid(), 'user.created', now() - interval '2 hours', '{}')`,
    )
    await run(
      `insert into audit_verdicts (id, verified_at, verdict) values (gen_random_uuid(), now(), '{"valid": false, "error": "Entry 7 is not as it was written."}')`,
    )
    await run(
      `insert into backups (id, state, origin, file_name, encryption, location, server, version, error, created_at)
       values (gen_random_uuid(), 'failed', 'scheduled', 'x', 'none', 'disk', 'here', '0', 'The disk is full.', now())`,
    )
    const found = await examine()
    expect(found.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'jobs warn',
      'events warn',
      'audit trail fail',
      'last backup warn',
    ])
    expect(sentenceOf(found, 'events')).toContain('"letters" has not handled what happened 2 hours ago')
    expect(sentenceOf(found, 'audit trail')).toContain('Entry 7')
    expect(sentenceOf(found, 'last backup')).toContain('The disk is full.')
    // The advice works as it stands.
    await run(sentenceOf(found, 'jobs')?.split('again with: ')[1] ?? '')
    expect(stateOf(await examine(), 'jobs')).toBe('ok')
  })

  it('wants a verification and a backup of what is in use for some days', async () => {
    const server = await startTestServer()
    onTestFinished(() => server.stop())
    await server.as('user')
    const examine = () => examineState(createDoctorRepo(server.database))
    const early = await examine()
    expect([stateOf(early, 'audit trail'), stateOf(early, 'last backup')]).toEqual(['ok', 'ok'])
    await server.database.pool.query(`update users set created_at = now() - interval '9 days'`)
    const found = await examine()
    expect([stateOf(found, 'audit trail'), stateOf(found, 'last backup')]).toEqual(['warn', 'warn'])
    expect(sentenceOf(found, 'last backup')).toContain('npm run holdfast -- backup')
  })

  it('finds what is configured by half, and a mail server that is not there', async () => {
    const findings = await examineServices(
      readConfig({
        HOLDFAST_S3_URL: 'https://s3.example.com/bucket',
        HOLDFAST_SMTP_URL: 'smtp://127.0.0.1:1',
        HOST: '0.0.0.0',
      }),
    )
    expect(stateOf(findings, 'bucket')).toBe('fail')
    expect(stateOf(findings, 'e-mail')).toBe('fail')
    expect(sentenceOf(findings, 'settings')).toContain('without TLS')
  })
})
