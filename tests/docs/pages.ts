import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../..')

/** Read from the repository's root. */
export const read = (path: string) => readFileSync(join(repository, path), 'utf8')

export const pages = globSync(
  ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/**/*.md'],
  { cwd: repository },
)
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted()

/** Targets of `[text](target)` that lie in the repository, without what follows `#`. */
export function relativeLinks(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

const folders = 'packages|scripts|tests|docs|bench|deploy|bin'

/** Paths from the repository's root that a page names; one with a placeholder (`<area>`, `YYYY`, `*`) names its folder. */
export function namedPaths(text: string): string[] {
  const named = new RegExp(`(?<![\\w./-])(?:${folders})/[\\w./<>*-]+`, 'g')
  return [...text.matchAll(named)].map(([path]) =>
    path.replace(/\/[^/]*(<|\*|YYYY).*$/, '').replace(/[./]+$/, ''),
  )
}

/** Scripts that a page tells the reader to run. */
export function namedScripts(text: string): string[] {
  const scripts = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)
  return /\bnpm test\b/.test(text) ? [...scripts, 'test'] : scripts
}
