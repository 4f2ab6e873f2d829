import { systemContext } from '../context.ts'
import { runOperatorCommand } from './run.ts'

/** `holdfast rewrap`: puts every stored secret under the first master key, beside a running server or without one. */
await runOperatorCommand(async ({ server }) => {
  const { keyId, rewrapped, left } = await server.rewrap.run(systemContext('operator'))
  process.stdout.write(`${rewrapped} secrets were put under master key ${keyId}.\n`)
  if (left.length === 0) {
    process.stdout.write(
      'Every secret is under this key now. The old ones may go from HOLDFAST_MASTER_KEY or the key file.\n',
    )
    return
  }
  for (const { table, column, count, keyId: other } of left)
    process.stderr.write(`${table}.${column}: ${count} still under master key ${other}\n`)
  process.stderr.write(
    'Put the missing keys behind the first one and run this again. A value of a configured key that stays is damaged: save it anew.\n',
  )
  process.exitCode = 1
})
