/**
 * Runs a TypeScript program of this repository: `node scripts/launch.mjs scripts/test.ts [arguments]`.
 * npm puts the Node that package.json brings first on the path; a program started with an older one would fail with a
 * riddle, so it is started again with the right one, or says in one sentence what to do. Old syntax on purpose.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const nodeMajorMin = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [program, ...rest] = process.argv.slice(2)

if (program === undefined) {
  console.error('Say which program to run, for example: node scripts/launch.mjs scripts/check.ts')
  process.exit(2)
} else if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) {
  const path = join(root, program)
  process.argv = [process.execPath, path, ...rest]
  await import(pathToFileURL(path).href)
} else {
  const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(bundled)) {
    console.error(
      `Holdfast needs Node ${nodeMajorMin} or newer and this is ${process.versions.node}: run "npm ci", which brings one along.`,
    )
    process.exit(1)
  }
  const path = `${dirname(bundled)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
  const { status } = spawnSync(bundled, [join(root, program), ...rest], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  })
  process.exit(status ?? 1)
}
