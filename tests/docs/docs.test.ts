import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { serverSettings } from '@holdfast/server/config'
import { describe, expect, it } from 'vitest'
import { namedPaths, namedScripts, pages, read, relativeLinks, repository } from './pages.ts'

const isThere = (path: string) => existsSync(join(repository, path))
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

describe('the tests of the pages', () => {
  it('look at all of them, and see a link, a path and a command that lead nowhere', () => {
    expect(pages.length).toBeGreaterThan(12)
    const text = 'See [it](gone.md#there), `packages/gone/src/<area>/x.ts` and `npm run gone`.'
    expect(relativeLinks(text)).toEqual(['gone.md'])
    expect(namedPaths(text)).toEqual(['packages/gone/src'])
    expect(namedScripts(text)).toEqual(['gone'])
  })
})

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('links to files that exist', () => {
    const targets = relativeLinks(text).map((target) => join(dirname(page), target))
    expect(targets.filter((target) => !isThere(target))).toEqual([])
  })

  it('names paths that exist', () => {
    expect(namedPaths(text).filter((path) => !isThere(path))).toEqual([])
  })

  it('names commands that exist', () => {
    expect(namedScripts(text).filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })
})

describe.each(['docs/decisions', 'docs/guide'])('%s', (folder) => {
  it('lists every page in its README', () => {
    const others = readdirSync(join(repository, folder)).filter((name) => /(?<!^README)\.md$/.test(name))
    const listed = relativeLinks(read(join(folder, 'README.md')))
    expect(others.filter((name) => !listed.includes(name))).toEqual([])
    expect(others.length).toBeGreaterThan(0)
  })

  it('lists none twice, and counts without a gap where it counts', () => {
    const text = read(join(folder, 'README.md'))
    const listed = relativeLinks(text)
    expect(listed.filter((name, index) => listed.indexOf(name) !== index)).toEqual([])
    const numbers = [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})

describe('the recipes', () => {
  it('are all listed in CONTRIBUTING.md', () => {
    const recipes = readdirSync(join(repository, 'docs/contributing')).map(
      (name) => `docs/contributing/${name}`,
    )
    expect(recipes.filter((path) => !relativeLinks(read('CONTRIBUTING.md')).includes(path))).toEqual([])
  })
})

describe('deploy', () => {
  const known = new Set([...Object.keys(serverSettings), 'NODE_ENV'])
  const dockerfile = read('deploy/Dockerfile')
  const unit = read('deploy/holdfast.service')
  const compose = read('deploy/compose.yaml')

  it('sets only variables that the server reads', () => {
    const service = compose.slice(compose.indexOf('holdfast:'), compose.indexOf('\n  postgres:'))
    const set = [
      ...[...service.matchAll(/^ {6}([A-Z_]+): /gm)].map(([, name = '']) => name),
      ...namesSet(dockerfile, /^ENV (.*)$/gm),
      ...namesSet(unit, /^Environment=(.*)$/gm),
    ]
    expect(set.length).toBeGreaterThan(6)
    expect(set.filter((name) => !known.has(name))).toEqual([])
  })

  it('copies and starts files that exist', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    )
    expect(copied.length).toBeGreaterThan(4)
    expect([...copied, 'bin/holdfast.mjs', 'deploy/Dockerfile'].filter((path) => !isThere(path))).toEqual([])
    expect(dockerfile).toContain('CMD ["node", "bin/holdfast.mjs", "start"]')
    expect(unit).toMatch(/^ExecStart=\S+\/node bin\/holdfast\.mjs start$/m)
    expect(compose).toContain('dockerfile: deploy/Dockerfile')
  })

  it('opens the port that the server listens on without being told', () => {
    const port = serverSettings.PORT.parse(undefined)
    expect(dockerfile).toContain(`EXPOSE ${port}`)
    expect(compose).toContain(`"${port}:${port}"`)
  })
})

/** Names in `NAME=value NAME=value` lines that match. */
function namesSet(text: string, line: RegExp): string[] {
  return [...text.matchAll(line)].flatMap(([, pairs = '']) =>
    [...pairs.matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name),
  )
}
