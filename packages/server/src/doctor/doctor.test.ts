import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrations } from '@holdfast/database/migration-files'
import { createTestClock, systemClock } from '@holdfast/kernel/clock'
import { createTestDatabase } from '@holdfast/testkit/database'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../config.ts'
import { migrationsDirectory } from '../start/open-database.ts'
import type { Finding } from './finding.ts'
import { examineMachine } from './machine.ts'
import { createDoctorRepo } from './repo.ts'
import { examineDatabase, examineServices } from './services.ts'

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
