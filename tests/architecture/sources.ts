import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../..')

export interface Source {
  /** From the repository's root, with forward slashes. */
  path: string
  text: string
}

/** Source files that match, without tests and fixtures. */
export function sources(...patterns: string[]): Source[] {
  return globSync(patterns, {
    cwd: repository,
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**'],
  })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(repository, path), 'utf8') }))
}

/** The text without comments, so that a word in an explanation is not taken for code. */
export function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

/** Paths of the sources whose code matches. */
export function pathsWith(files: Source[], pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(codeOf(text))).map(({ path }) => path)
}
