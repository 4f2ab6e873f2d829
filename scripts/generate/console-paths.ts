import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../run.ts'

const consoleFolder = join(repositoryRoot, 'packages/console')

/** Source of the list of first path segments that the console answers: its pages, its public files, its assets. */
export function consolePathsSource(): string {
  const files = readdirSync(join(consoleFolder, 'src'), { recursive: true, encoding: 'utf8' })
  const pages = files
    .filter((name) => /(^|[/\\])routes\.ts$/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(consoleFolder, 'src', name), 'utf8').matchAll(/\bpath: '\/([^/'$]+)/g),
    ])
    .map(([, segment = '']) => segment)
  const shipped = readdirSync(join(consoleFolder, 'public'))
  const segments = [...new Set([...pages, ...shipped, 'assets', 'index.html'])].toSorted()
  return `/** First segments of the console's own paths. Generated from its routes by \`npm run generate\`; a test compares. */
export const consoleSegments: readonly string[] = [
${segments.map((segment) => `  '${segment}',\n`).join('')}]
`
}
