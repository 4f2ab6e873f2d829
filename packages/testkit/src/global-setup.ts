import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@holdfast/database/database'
import { migrate } from '@holdfast/database/migrate'
import { silentLogger } from '@holdfast/kernel/logger'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresSocket: string
  }
}

/** One PostgreSQL for the whole run, with a migrated template that every test database is cloned from. */
export default async function setup(project: TestProject) {
  const root = process.getuid?.() === 0
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-test-'))
  const ids = root ? idsOf('postgres') : {}
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(directory, ids.uid, ids.gid)
  const binaries = systemBinaries()
  const data = join(directory, 'data')
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '-A', 'trust'], { ...ids, cwd: directory, stdio: 'ignore' })
  const options = ['listen_addresses=', `unix_socket_directories=${directory}`, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300', 'jit=off']
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], { ...ids, cwd: directory, stdio: 'ignore' })
  await untilReady(directory)
  const admin = new pg.Client({ host: directory, user: 'postgres', database: 'postgres' })
  await admin.connect()
  await admin.query('create role holdfast login')
  await admin.query('create database holdfast_template owner holdfast')
  await admin.end()
  const template = openDatabase({ connection: { host: directory, user: 'holdfast', database: 'holdfast_template' }, logger: silentLogger })
  await migrate({ database: template, directory: join(import.meta.dirname, '../../server/migrations'), logger: silentLogger })
  await template.close()
  project.provide('postgresSocket', directory)
  return async () => {
    const exited = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await exited
    rmSync(directory, { recursive: true, force: true })
  }
}

function idsOf(user: string): { uid?: number; gid?: number } {
  const of = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: of('-u'), gid: of('-g') }
}

function systemBinaries(): string {
  const base = '/usr/lib/postgresql'
  const majors = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  if (majors[0] === undefined) throw new Error('The tests need PostgreSQL: apt-get install postgresql')
  return join(base, majors[0], 'bin')
}

async function untilReady(socket: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const client = new pg.Client({ host: socket, user: 'postgres', database: 'postgres' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('PostgreSQL did not start for the tests.')
}
