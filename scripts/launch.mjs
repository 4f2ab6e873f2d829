/**
 * Runs a TypeScript program of this repository: `node scripts/launch.mjs scripts/test.ts [arguments]`.
 * npm puts the Node that package.json brings first on the path; a program started with an older one would fail with a
 * riddle, so it is started again with the right one, or says in one sentence what to do. Old syntax on purpose.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { goOnWithBundledNode, isNodeTooOld } from '../bin/bundled-node.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [program, ...rest] = process.argv.slice(2)

if (program === undefined) {
  console.error('Say which program to run, for example: node scripts/launch.mjs scripts/check.ts')
  process.exit(2)
} else if (isNodeTooOld()) {
  goOnWithBundledNode(root, [join(root, program), ...rest])
} else {
  const path = join(root, program)
  process.argv = [process.execPath, path, ...rest]
  await import(pathToFileURL(path).href)
}
