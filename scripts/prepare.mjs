// Runs at the end of `npm ci`: builds the console, so that `npm start` has nothing left to build.
// An install without development dependencies has no builder; the container image brings the built console instead.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? '.', '..')
const hasBuilder = existsSync(join(root, 'node_modules', 'vite'))
const hasConsole = existsSync(join(root, 'packages', 'console', 'index.html'))
if (hasBuilder && hasConsole) {
  const build = spawnSync('npm', ['run', 'build', '--silent', '--workspace', '@holdfast/console'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  process.exit(build.status ?? 1)
}
