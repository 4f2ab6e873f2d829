import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { writeModule } from './new-module/write.ts'
import { programOf, repositoryRoot, run } from './run.ts'

const now = new Date('2027-03-04T05:06:07Z')
const copied = ['contracts', 'kernel', 'database', 'server', 'testkit']

/** The packages that a module touches, as they are now, with the libraries of this checkout. */
async function copyOfRepository(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-module-'))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const name of copied) {
    const path = `packages/${name}`
    await cp(join(repositoryRoot, path), join(root, path), {
      recursive: true,
      filter: (source) => !source.endsWith('node_modules'),
    })
  }
  for (const name of ['package.json', 'tsconfig.base.json', 'tsconfig.json'])
    await cp(join(repositoryRoot, name), join(root, name))
  await mkdir(join(root, 'node_modules/@holdfast'), { recursive: true })
  for (const name of copied)
    await symlink(join(root, 'packages', name), join(root, 'node_modules/@holdfast', name))
  for (const name of await readdir(join(repositoryRoot, 'node_modules')))
    if (name !== '@holdfast')
      await symlink(join(repositoryRoot, 'node_modules', name), join(root, 'node_modules', name))
  return root
}

it('a new module compiles', { timeout: 120_000 }, async () => {
  const root = await copyOfRepository()
  const paths = writeModule(root, 'identity', 'name-tags', now)
  expect(paths).toContain('packages/server/migrations/202703040506_name_tags.sql')
  const words = ['node', programOf('ts7', 'bin', 'tsc'), '-p', root] as const
  const { output, passed } = await run({ name: 'types', words }, { stream: false })
  expect(output).toBe('')
  expect(passed).toBe(true)
  expect(() => writeModule(root, 'identity', 'name-tags', now)).toThrow('Choose another name')
})

it.each([
  ['', '', 'Say the area and the name'],
  ['nowhere', 'badges', 'There is no area "nowhere"'],
  ['../server', 'badges', 'There is no area "../server"'],
  ['identity', 'Badges', 'is no name for a module'],
  ['identity', 'badge', 'is no name for a module'],
  ['identity', 'groups', 'Choose another name'],
])('refuses "%s" "%s" with a sentence', (area, name, sentence) => {
  expect(() => writeModule(repositoryRoot, area, name, now)).toThrow(sentence)
})
