import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyProject, exportToFile } from './project-file.ts'

const yaml = `
version: "1.2"
endpointGroups:
  - name: Shop
endpoints:
  - method: POST
    path: /api/products
    name: Products
    group: Shop
    accessType: public
    fields:
      - { name: title, type: string, required: true }
records:
  /api/products:
    - { _id: 0123456789abcdef01234567, title: Lamp }
`

let server: TestServer
let admin: TestUser
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  folder = await mkdtemp(join(tmpdir(), 'holdfast-project-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await server.stop()
})

const fileOf = (name: string) => join(folder, name)
const reach = () => ({ server: server.url, token: admin.token })

async function apply(
  name: string,
  text: string,
  how: { yes?: boolean; replace?: boolean; confirm?: boolean } = {},
) {
  await writeFile(fileOf(name), text)
  return applyProject({
    ...reach(),
    file: fileOf(name),
    yes: true,
    replace: false,
    confirm: false,
    ...how,
  })
}

describe('holdfast apply', () => {
  it('shows the differences and changes nothing until somebody says yes; then there are none', async () => {
    const shown = await apply('project.yaml', yaml, { yes: false })
    expect(shown).toEqual({
      exitCode: 2,
      text: '+ endpoint group Shop\n+ endpoint POST /api/products\n+ 1 records of /api/products\n\nNothing was changed. Add --yes to apply.\n',
    })
    expect((await apply('project.yaml', yaml)).text).toContain('Applied.')
    expect(await apply('project.yaml', yaml)).toEqual({
      exitCode: 0,
      text: 'Nothing to do: it is all there.\n',
    })
  })

  it.each(['project.yaml', 'project.json', 'project.ndjson'])(
    'finds nothing to do for what was exported to %s',
    async (name) => {
      const file = fileOf(name)
      expect(await exportToFile({ ...reach(), file, data: true, settings: true })).toEqual({
        exitCode: 0,
        text: `Wrote ${file}.\n`,
      })
      const text = await readFile(file, 'utf8')
      expect(text).toContain('Lamp')
      expect((await apply(name, text, { replace: true })).text).toContain('Nothing to do')
    },
  )

  it('prints what it exports when it is not told where to', async () => {
    const { text } = await exportToFile({ ...reach(), data: false, settings: false })
    expect(JSON.parse(text)).toMatchObject({ version: '1.2', endpoints: [{ path: '/api/products' }] })
  })

  it('says what it does to records: new, changed, and with --replace deleted, which it asks about', async () => {
    const changed = `${yaml.replace('Lamp', 'Desk lamp')}completeRecords: [/api/products]\n`
    const more = changed.replace('title: Desk lamp }', 'title: Desk lamp }\n    - { title: Chair }')
    expect((await apply('project.yaml', more)).text).toContain(
      '+ 1 records of /api/products\n~ 1 records of /api/products\n',
    )
    const shown = await apply('project.yaml', changed, { replace: true })
    expect([shown.exitCode, shown.text]).toEqual([1, expect.stringContaining('1 record is not in the file')])
    const done = await apply('project.yaml', changed, { replace: true, confirm: true })
    expect([done.exitCode, done.text]).toEqual([0, expect.stringContaining('- 1 records of /api/products')])
    expect((await apply('project.yaml', changed, { replace: true })).text).toContain('Nothing to do')
  })

  it('asks before records lose values', async () => {
    const changed = yaml.replace(
      '- { name: title, type: string, required: true }',
      '- { name: sku, type: string }',
    )
    const withoutRecords = changed.slice(0, changed.indexOf('records:'))
    const shown = await apply('project.yaml', withoutRecords, { yes: false })
    expect(shown.text).toContain('! POST /api/products: "title" is removed: 1 records (needs --confirm)')
    expect((await apply('project.yaml', withoutRecords)).exitCode).toBe(1)
    expect((await apply('project.yaml', withoutRecords, { confirm: true })).exitCode).toBe(0)
  })

  it('says what is wrong, and where', async () => {
    const reserved = 'version: "1.2"\nendpoints: [{ method: GET, path: /api/users, name: Mine }]'
    expect(await apply('project.yaml', reserved)).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('GET /api/users') as string,
    })
    expect((await apply('project.yaml', 'a: [')).exitCode).toBe(1)
    expect((await apply('project.yaml', 'text')).text).toContain('holds no bundle')
    const missing = { ...reach(), file: fileOf('missing'), yes: true, replace: false, confirm: false }
    expect((await applyProject(missing)).text).toContain('ENOENT')
    const stranger = { ...missing, token: 'worthless', file: fileOf('project.yaml') }
    await writeFile(stranger.file, yaml)
    expect((await applyProject(stranger)).text).toContain('sign in')
  })
})
