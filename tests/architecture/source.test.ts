import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allowedLinks } from '../../scripts/checks/import-rules.ts'
import { codeOf, pathsWith, repository, sources } from './sources.ts'

const product = sources('packages/*/src/**/*.{ts,tsx}')
const server = sources('packages/server/src/**/*.ts')
const lineCountMax = 300

describe('source files', () => {
  it('are really looked at', () => {
    expect(product.length).toBeGreaterThan(100)
  })

  it('read the environment in config.ts alone, and where a process begins', () => {
    const readers = pathsWith(product, /\bprocess\.env\b/)
    expect(readers.filter((path) => !/\/(config|main)\.ts$|^packages\/(cli|testkit)\//.test(path))).toEqual(
      [],
    )
  })

  it('rules neither look at the clock nor throw dice', () => {
    const rules = server.filter(({ path }) => /\/rules(\.ts|\/)/.test(path))
    expect(rules.length).toBeGreaterThan(0)
    expect(pathsWith(rules, /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandom(Bytes|UUID)\(/)).toEqual(
      [],
    )
  })

  it('take time from the injected clock', () => {
    // The HTTP base measures sockets, which live in real time.
    const readers = pathsWith(server, /\bDate\.now\(|\bnew Date\(\)/)
    expect(readers.filter((path) => !/\/(http|start)\/|\/main\.ts$/.test(path))).toEqual([])
  })

  it('write SQL in repos alone', () => {
    const allowed = allowedLinks.sqlOutsideRepo.map(({ path }) => path)
    const writers = pathsWith(server, /\bsql(<[^`]*>)?`|\.(query|queryStream)\(\s*['"`]/)
    expect(writers.filter((path) => !/\/repo(\.ts|\/)/.test(path) && !allowed.includes(path))).toEqual([])
  })

  it('every exception from the rules names a file that exists, with its reason', () => {
    const stale = allowedLinks.sqlOutsideRepo.filter(
      ({ path, reason }) => !existsSync(join(repository, path)) || reason.length < 20,
    )
    expect(stale).toEqual([])
    expect(allowedLinks.areas.filter(({ reason }) => reason.length < 20)).toEqual([])
  })

  it(`none is longer than ${lineCountMax} lines`, () => {
    const long = product
      .filter(({ path }) => path !== 'packages/server/src/tables.ts')
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > lineCountMax)
    expect(long).toEqual([])
  })

  it('contain no unfinished work', () => {
    expect(product.filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text)).map(({ path }) => path)).toEqual(
      [],
    )
    expect(pathsWith(product, /@ts-(ignore|expect-error|nocheck)|\bas any\b|as unknown as\b/)).toEqual([])
  })

  it('name no path of one machine', () => {
    const machinePath = /['"`](\/root\/|\/home\/\w+\/|\/Users\/|\/work\/)/
    expect(pathsWith(product, machinePath)).toEqual([])
  })
})

describe('tests', () => {
  const tests = globSync('packages/*/src/**/*.test.{ts,tsx}', {
    cwd: repository,
    exclude: ['**/node_modules/**'],
  })

  it('every module of the server has one', () => {
    const modules = globSync('packages/server/src/areas/*/*', { cwd: repository }).filter((path) =>
      existsSync(join(repository, path, 'service.ts')),
    )
    expect(modules.length).toBeGreaterThan(0)
    const tested = new Set(tests.map((path) => path.replaceAll('\\', '/').split('/').slice(0, 6).join('/')))
    expect(modules.filter((path) => !tested.has(path.replaceAll('\\', '/')))).toEqual([])
  })

  it('none is skipped, focused or asleep', () => {
    expect(tests.length).toBeGreaterThan(10)
    const offending = tests.filter((path) =>
      /\b(it|test|describe)\.(skip|only|todo)\b|setTimeout\(\s*(resolve|done)\b/.test(
        codeOf(readFileSync(join(repository, path), 'utf8')),
      ),
    )
    expect(offending).toEqual([])
  })
})

describe('migrations', () => {
  const directory = join(repository, 'packages/server/migrations')

  it('are named by time and subject, and none shares its time with another', () => {
    const names = readdirSync(directory).filter((name) => name.endsWith('.sql'))
    expect(names.filter((name) => !/^\d{12}_[a-z0-9_]+\.sql$/.test(name))).toEqual([])
    const times = names.map((name) => name.slice(0, 12))
    expect(times.filter((time, index) => times.indexOf(time) !== index)).toEqual([])
  })
})
