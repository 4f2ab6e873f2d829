import { copyFileSync, chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { me } from '@holdfast/contracts/identity/auth'
import { superuserName } from '@holdfast/database/managed/initialise'
import { startTestPostgres } from '@holdfast/database/testing'
import { Client } from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { createRunningServer, type RunningServer, runCommand } from './running-server.ts'

/** A PostgreSQL that is not the product's: its role owns one database and may not create others. */
async function startOutside(): Promise<{ url: string; major: string }> {
  const { address, stop } = await startTestPostgres({ sources: ['bundle'] })
  onTestFinished(stop)
  const client = new Client({ ...address, user: superuserName, database: 'postgres' })
  await client.connect()
  try {
    await client.query('create role plain login nocreatedb nocreaterole nosuperuser')
    await client.query('create database outside owner plain')
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    const url = `postgres://plain@${encodeURIComponent(address.host)}:${address.port}/outside`
    return { url, major: rows[0]?.server_version.split('.')[0] ?? '' }
  } finally {
    await client.end()
  }
}

async function serverOn(environment: Record<string, string> = {}): Promise<RunningServer> {
  const server = await createRunningServer(environment)
  onTestFinished(() => server.remove())
  return server
}

const copyKey = (from: RunningServer, to: RunningServer) =>
  copyFileSync(join(from.data, 'master.key'), join(to.data, 'master.key'))
const post = ({ url }: RunningServer, name: string) =>
  fetch(`${url}/api/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
async function names({ url }: RunningServer): Promise<string[]> {
  const answer = (await (await fetch(`${url}/api/things`)).json()) as { data: { name: string }[] }
  return answer.data.map(({ name }) => name).toSorted()
}

it('a backup goes from the private PostgreSQL into another one of another version, whose role may not create databases, and back', {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-backups-'))
  chmodSync(folder, 0o711)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const run = async (server: RunningServer, environment: Record<string, string>, ...args: string[]) => {
    const { code, output } = await runCommand({ HOLDFAST_DATA: server.data, ...environment }, ...args)
    expect([code, output]).toEqual([0, expect.any(String)])
    return output
  }

  const inside = await serverOn()
  await inside.start()
  await inside.defineEndpoint('/api/things')
  await post(inside, 'from inside')
  const first = join(folder, 'first.tar.gz')
  expect(await run(inside, {}, 'backup', '--out', first)).toContain('restored and compared')

  const { url: DATABASE_URL, major } = await startOutside()
  const majorInside = readdirSync(join(inside.data, 'postgres')).find((name) => /^\d+$/.test(name))
  if (majorInside === major)
    process.stderr.write(`Only PostgreSQL ${major} is on this machine: versions are not crossed.\n`)
  const outside = await serverOn({ DATABASE_URL })
  copyKey(inside, outside)
  expect(await run(outside, { DATABASE_URL }, 'restore', first)).toContain('Restored the backup')
  await outside.start()
  expect(outside.postgresPid()).toBeNull()
  expect(await names(outside)).toEqual(['from inside'])
  expect((await (await outside.client()).call(me, {})).data.login).toBe('tester')
  expect((await post(outside, 'from outside')).status).toBe(201)

  const second = join(folder, 'second.tar.gz')
  expect(await run(outside, { DATABASE_URL }, 'backup', '--out', second)).toContain('restored and compared')
  // What it was tried in is gone again.
  expect(readdirSync(outside.data).filter((name) => name.startsWith('scratch'))).toEqual([])

  const back = await serverOn()
  copyKey(inside, back)
  expect(await run(back, {}, 'restore', second)).toContain('Restored the backup')
  await back.start()
  expect(await names(back)).toEqual(['from inside', 'from outside'])
  expect((await post(back, 'once more')).status).toBe(201)
})
