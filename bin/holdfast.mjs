#!/usr/bin/env node
// The one entry point. Plain old JavaScript, so that any Node can read it: an older one hands over to the bundled one.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goOnWithBundledNode, isNodeTooOld } from './bundled-node.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Commands that run inside the server package; everything else is the client command line. */
const serverCommands = {
  start: 'packages/server/src/main.ts',
  audit: 'packages/server/src/operator/audit.ts',
  backup: 'packages/server/src/operator/backup.ts',
  doctor: 'packages/server/src/operator/doctor.ts',
  restore: 'packages/server/src/operator/restore.ts',
  'reset-link': 'packages/server/src/operator/reset-link.ts',
  rewrap: 'packages/server/src/operator/rewrap.ts',
}

const command = process.argv[2] ?? 'help'
// `holdfast gateway apply FILE` is a command of the client; `holdfast gateway --server …` is a process of its own.
const isGateway = command === 'gateway' && (process.argv[3] ?? '--help').startsWith('-')
const program = isGateway
  ? 'packages/gateway/src/main.ts'
  : (serverCommands[command] ?? 'packages/cli/src/main.ts')
if (isNodeTooOld()) goOnWithBundledNode(root, [fileURLToPath(import.meta.url), ...process.argv.slice(2)])
else await import(new URL(`../${program}`, import.meta.url).href)
