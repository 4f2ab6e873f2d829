import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../logger.ts'
import { temporaryDataDirectory } from '../testing.ts'
import {
  fill,
  isRoot,
  mayMount,
  ordinaryDataDirectory,
  ordinaryUid,
  query,
  startElsewhere,
} from './fixtures.ts'
import {
  DatabaseStartError,
  type ManagedPostgres,
  type ManagedPostgresOptions,
  startManagedPostgres,
} from './managed-postgres.ts'

const running: ManagedPostgres[] = []
const folders: string[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function dataDirectory(make = temporaryDataDirectory): Promise<string> {
  const folder = await make()
  folders.push(folder)
  return folder
}

async function start(
  folder: string,
  options: Partial<ManagedPostgresOptions> = {},
): Promise<ManagedPostgres> {
  const server = await startManagedPostgres({ dataDirectory: folder, logger: silentLogger, ...options })
  running.push(server)
  return server
}

const sentenceOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it started',
    (error: unknown) =>
      error instanceof DatabaseStartError ? error.sentence : `another error: ${String(error)}`,
  )
const postmasterPid = async (server: ManagedPostgres) =>
  Number.parseInt(await readFile(join(server.clusterDirectory, 'postmaster.pid'), 'utf8'), 10)
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a new installation', () => {
  it('listens on a private socket only, writes durably, and gives the application an ordinary role', async () => {
    const server = await start(await dataDirectory())
    const rows = await query(
      server.connectionConfig,
      `select current_user as role, rolsuper, rolbypassrls, pg_get_userbyid(datdba) as owner,
         current_setting('listen_addresses') as listens, current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as commits, current_setting('data_checksums') as checksums
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    )
    expect(rows).toEqual([
      {
        role: 'holdfast',
        rolsuper: false,
        rolbypassrls: false,
        owner: 'holdfast',
        listens: '',
        fsync: 'on',
        commits: 'on',
        checksums: 'on',
      },
    ])
    expect((await stat(server.connectionConfig.host)).mode & 0o777).toBe(0o700)
    expect(server.clusterDirectory).toMatch(/\/postgres\/\d+$/)
  })

  it('has a socket although the path of the data is long', async () => {
    const deep = join(await dataDirectory(), ...Array.from({ length: 4 }, () => 'd'.repeat(40)))
    await mkdir(deep, { recursive: true })
    const server = await start(deep)
    folders.push(server.connectionConfig.host)
    expect(Buffer.byteLength(server.connectionConfig.host)).toBeLessThan(90)
    expect((await stat(server.connectionConfig.host)).mode & 0o777).toBe(0o700)
    expect((await start(deep)).attached).toBe(true)
  })

  it('works from the npm bundle, and is found again when other binaries are preferred', async () => {
    const data = await dataDirectory()
    const first = await start(data, { sources: ['bundle'] })
    expect(first.binaries.source).toBe('bundle')
    await query(first.connectionConfig, 'create table kept as select 1 as one')
    await first.stop()
    const second = await start(data)
    expect(second.clusterDirectory).toBe(first.clusterDirectory)
    expect(await query(second.connectionConfig, 'select one from kept')).toEqual([{ one: 1 }])
  })

  it.runIf(isRoot)('started by root, runs as another user', async () => {
    const server = await start(await dataDirectory())
    const { uid } = await stat(`/proc/${await postmasterPid(server)}`)
    expect(uid).not.toBe(0)
    expect((await stat(server.clusterDirectory)).uid).toBe(uid)
  })

  it('works for an ordinary user', async () => {
    const data = await dataDirectory(ordinaryDataDirectory)
    const other = startElsewhere(data, { ordinary: true })
    expect(await other.answer).toMatchObject({ attached: false })
    const [cluster] = (await readdir(join(data, 'postgres'))).filter((name) => /^\d+$/.test(name))
    const expectedUid = isRoot ? ordinaryUid : process.getuid?.()
    expect((await stat(join(data, 'postgres', cluster ?? ''))).uid).toBe(expectedUid)
    other.child.stdin?.end()
    expect(await once(other.child, 'exit')).toEqual([0, null])
  })
})

describe('two server processes on one data directory', () => {
  it('the second attaches; PostgreSQL stays until the last has gone, whoever that is', async () => {
    const data = await dataDirectory()
    const first = await start(data)
    const second = await start(data)
    expect([first.attached, second.attached]).toEqual([false, true])
    const pid = await postmasterPid(first)
    await first.stop()
    expect(await query(second.connectionConfig, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('two that leave at the same moment leave nothing running', async () => {
    const data = await dataDirectory()
    const servers = [await start(data), await start(data), await start(data)]
    const pid = await postmasterPid(servers[0] as ManagedPostgres)
    await Promise.all(servers.map((server) => server.stop()))
    expect(isAlive(pid)).toBe(false)
  })

  it('two that start at the same moment on an empty directory share one cluster', async () => {
    const data = await dataDirectory()
    const [one, other] = await Promise.all([start(data), start(data)])
    await query(one.connectionConfig, 'create table shared as select 1 as one')
    expect(await query(other.connectionConfig, 'select one from shared')).toEqual([{ one: 1 }])
  })
})

describe('sudden ends', () => {
  it('PostgreSQL killed: it is reported and comes back with everything that was committed', async () => {
    const server = await start(await dataDirectory())
    await query(server.connectionConfig, 'create table kept as select 1 as one')
    const exit = new Promise((resolve) => server.onExit(resolve))
    process.kill(await postmasterPid(server), 'SIGKILL')
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' })
    await vi.waitFor(
      async () => expect(await query(server.connectionConfig, 'select one from kept')).toEqual([{ one: 1 }]),
      { timeout: 15_000, interval: 50 },
    )
  })

  it('server process killed: the next start goes on with the same data and can stop what was left', async () => {
    const data = await dataDirectory()
    const killed = startElsewhere(data)
    const { connectionConfig } = await killed.answer
    await query(connectionConfig as object, 'create table kept as select 1 as one')
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    const next = await start(data)
    const pid = await postmasterPid(next)
    expect(await query(next.connectionConfig, 'select one from kept')).toEqual([{ one: 1 }])
    await next.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it.each(['no process', 'another program of the same user'])(
    'a stale pid file that names %s does not keep it from starting',
    async (which) => {
      const data = await dataDirectory()
      const first = await start(data)
      await first.stop()
      const { uid, gid } = await stat(first.clusterDirectory)
      const stranger = spawn('sleep', ['60'], { cwd: '/', ...(isRoot && { uid, gid }) })
      await once(stranger, 'spawn')
      if (which === 'no process') {
        stranger.kill()
        await once(stranger, 'exit')
      }
      const path = join(first.clusterDirectory, 'postmaster.pid')
      await writeFile(path, `${stranger.pid}\n${first.clusterDirectory}\n1\n5432\n\n\n`)
      const second = await start(data)
      stranger.kill()
      expect(second.attached).toBe(false)
      expect(await postmasterPid(second)).not.toBe(stranger.pid)
    },
  )

  it('the process that attached starts PostgreSQL again when the one that had started it is gone', async () => {
    const data = await dataDirectory()
    const owner = startElsewhere(data)
    await owner.answer
    const attached = await start(data)
    owner.child.kill('SIGKILL')
    await once(owner.child, 'exit')
    const pid = await postmasterPid(attached)
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(
      async () => expect(await query(attached.connectionConfig, 'select 1 as one')).toEqual([{ one: 1 }]),
      { timeout: 15_000, interval: 50 },
    )
    expect(await postmasterPid(attached)).not.toBe(pid)
  })
})

describe('what it refuses, changing nothing', () => {
  it('data of a newer PostgreSQL, with the command to run', async () => {
    const data = await dataDirectory()
    const server = await start(data)
    await server.stop()
    const newer = join(data, 'postgres', '99')
    await rename(server.clusterDirectory, newer)
    await writeFile(join(newer, 'PG_VERSION'), '99\n')
    expect(await sentenceOf(start(data))).toMatch(/is of PostgreSQL 99, .* apt-get install postgresql-99/)
    expect((await readdir(join(data, 'postgres'))).filter((name) => /^\d+$/.test(name))).toEqual(['99'])
  })

  it('a folder in its place that is not a cluster', async () => {
    const data = await dataDirectory()
    await mkdir(join(data, 'postgres', '15'), { recursive: true })
    await writeFile(join(data, 'postgres', '15', 'precious.txt'), 'mine')
    expect(await sentenceOf(start(data))).toContain('is not empty and is not a PostgreSQL cluster')
    expect(await readFile(join(data, 'postgres', '15', 'precious.txt'), 'utf8')).toBe('mine')
  })

  it('a cluster under the name of another version', async () => {
    const data = await dataDirectory()
    const server = await start(data)
    await server.stop()
    await writeFile(join(server.clusterDirectory, 'PG_VERSION'), '14\n')
    expect(await sentenceOf(start(data))).toContain('holds data of PostgreSQL 14. Rename it')
  })

  it('a folder it may not write to', async () => {
    const data = join(await dataDirectory(), 'closed')
    await mkdir(data, { mode: 0o500 })
    const other = startElsewhere(data, { ordinary: true })
    const { sentence } = await other.answer
    expect(sentence).toContain('The server may not write to')
    expect(sentence).toContain('set HOLDFAST_DATA')
    expect(await readdir(data)).toEqual([])
  })

  it.runIf(isRoot)('a folder below one that is closed to the user PostgreSQL runs as', async () => {
    const closed = join(await dataDirectory(), 'home')
    await mkdir(closed, { mode: 0o700 })
    expect(await sentenceOf(start(join(closed, 'data')))).toMatch(
      /because .*\/home is closed to others\. Run "chmod o\+x/,
    )
  })

  it.runIf(mayMount())('a full disk, for a new and for an existing cluster', async () => {
    const disk = await dataDirectory()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m,mode=0711', 'tmpfs', disk])
    try {
      const server = await start(join(disk, 'old'))
      await query(server.connectionConfig, 'create table kept as select 1 as one')
      await server.stop()
      fill(join(disk, 'ballast'))
      expect(await sentenceOf(start(join(disk, 'new')))).toMatch(/^The disk that holds .* is full\./)
      expect(await sentenceOf(start(join(disk, 'old')))).toMatch(/^The disk that holds .* is full\./)
      await rm(join(disk, 'ballast'))
      const again = await start(join(disk, 'old'))
      expect(await query(again.connectionConfig, 'select one from kept')).toEqual([{ one: 1 }])
      await again.stop()
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })
})
