import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBackup, listBackups, restoreBackup } from '@holdfast/contracts/platform/backups'
import { me } from '@holdfast/contracts/identity/auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunningServer, type RunningServer, runCommand, until } from './running-server.ts'

const run = (data: string, ...args: string[]) => runCommand({ HOLDFAST_DATA: data }, ...args)

describe('backups of a running installation', { timeout: 240_000 }, () => {
  let server: RunningServer
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-backups-'))
  beforeAll(async () => {
    chmodSync(folder, 0o711)
    server = await createRunningServer()
    await server.start()
    await server.defineEndpoint('/api/things')
  })
  afterAll(async () => {
    await server.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const post = (name: string) =>
    fetch(`${server.url}/api/things`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
  const names = async (): Promise<string[]> => {
    const answer = (await (await fetch(`${server.url}/api/things?limit=100`)).json()) as {
      data: { name: string }[]
    }
    return answer.data.map(({ name }) => name).toSorted()
  }
  const stored = () => {
    const directory = join(server.data, 'backups')
    return existsSync(directory) ? readdirSync(directory) : []
  }

  it('the command backs up beside the server; another installation takes it in with the same master key', async () => {
    await post('before the backup')
    const file = join(folder, 'copy.tar.gz')
    const made = await run(server.data, 'backup', '--out', file)
    expect([made.code, made.output]).toEqual([0, expect.stringContaining('restored and compared')])
    const twice = await run(server.data, 'backup', '--out', file)
    expect([twice.code, twice.output]).toEqual([1, expect.stringContaining('is there already')])

    const other = await createRunningServer()
    try {
      const withoutKey = await run(other.data, 'restore', file)
      expect([withoutKey.code, withoutKey.output]).toEqual([1, expect.stringContaining('master key')])
      writeFileSync(join(other.data, 'master.key'), readFileSync(join(server.data, 'master.key')), {
        mode: 0o600,
      })
      const restored = await run(other.data, 'restore', file)
      expect([restored.code, restored.output]).toEqual([0, expect.stringContaining('Restored the backup')])
      await other.start()
      const listed = await fetch(`${other.url}/api/things?limit=100`)
      expect(await listed.text()).toContain('before the backup')
      // The same person, with the same password.
      const { data } = await (await other.client()).call(me, {})
      expect(data.login).toBe('tester')
      await other.signal('SIGTERM')
      const refused = await run(other.data, 'restore', file)
      expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('in use')])
    } finally {
      await other.remove()
    }
  })

  it('a restore over the API takes its place while the server runs, and the server serves it', async () => {
    const client = await server.client()
    const { backup_id: id } = await client.call(createBackup, { body: {} })
    await until(async () => {
      const { data } = await client.call(listBackups, {})
      return data.find(({ backup_id: one }) => one === id)?.state === 'ready'
    })
    await post('after the backup')
    expect(await names()).toContain('after the backup')
    await client.call(restoreBackup, { params: { backupId: id }, body: {} })
    // It says so again when it is made anew.
    await until(async () => server.output().split('is ready at').length === 3)
    expect(await names()).not.toContain('after the backup')
    expect(await names()).toContain('before the backup')
    expect((await post('after the restore')).status).toBe(201)
    const again = await server.client()
    const { data } = await again.call(listBackups, {})
    expect(data.map(({ backup_id: one }) => one)).toContain(id)
    await expect(client.call(me, {})).rejects.toMatchObject({ status: 401 })
  })

  it('SIGKILL in the middle leaves no file that looks good, and the next backup clears it away', async () => {
    // Enough that there is a middle.
    for (let count = 0; count < 20; count += 1) await post('x'.repeat(200_000))
    const finished = stored().filter((name) => !name.endsWith('.part'))
    const client = await server.client()
    const { backup_id: id } = await client.call(createBackup, { body: {} })
    await until(async () => stored().some((name) => name.endsWith('.part')))
    await server.signal('SIGKILL')
    expect(stored().filter((name) => !name.endsWith('.part'))).toEqual(finished)
    await server.start()
    const { data } = await (await server.client()).call(listBackups, {})
    expect(data.find(({ backup_id: one }) => one === id)?.state).toBe('running')
    const made = await run(server.data, 'backup')
    expect([made.code, made.output]).toEqual([0, expect.stringContaining('restored and compared')])
    expect(stored().filter((name) => name.endsWith('.part'))).toEqual([])
    expect(stored()).toHaveLength(finished.length + 1)
  })
})
