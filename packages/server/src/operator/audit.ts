import { parseArgs } from 'node:util'
import { SentenceError } from '@holdfast/kernel/sentence-error'
import { verifyOffline } from '../areas/platform/audit/verification/offline.ts'
import { explain } from '../start/explain.ts'

/** `holdfast audit verify FILE… [--checkpoints FILE --public-key FILE]`: needs no server and no database. */
const usage =
  'holdfast audit verify FILE… [--checkpoints FILE --public-key FILE]\nFILE is an export with format=ndjson, or sealed segments in order.'

try {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { checkpoints: { type: 'string' }, 'public-key': { type: 'string' } },
  })
  const [command, ...files] = positionals
  if (command !== 'verify' || files.length === 0) throw new SentenceError(usage)
  const { faults, chains } = await verifyOffline({
    files,
    checkpointsFile: values.checkpoints,
    publicKeyFile: values['public-key'],
  })
  for (const { chainId, entries, from, to, checkpoints } of chains)
    process.stdout.write(
      `chain ${chainId}: ${entries} entries, ${from} to ${to}, ${checkpoints} signed heads met\n`,
    )
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.stdout.write(faults.length === 0 ? 'valid\n' : `NOT valid: ${faults.length} faults\n`)
  process.exitCode = faults.length === 0 ? 0 : 2
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
