/** A server process in miniature, for tests that kill one: starts PostgreSQL, prints one line, stops when its input ends. */
import { once } from 'node:events'
import { silentLogger } from '../logger.ts'
import { DatabaseStartError, startManagedPostgres } from './managed-postgres.ts'

const [dataDirectory = '', sources = ''] = process.argv.slice(2)

try {
  const server = await startManagedPostgres({
    dataDirectory,
    logger: silentLogger,
    sources: sources.split(',').map((source) => (source === 'bundle' ? 'bundle' : 'system')),
  })
  const { attached, binaries, connectionConfig } = server
  process.stdout.write(`${JSON.stringify({ attached, binaries, connectionConfig })}\n`)
  process.stdin.resume()
  await once(process.stdin, 'end')
  await server.stop()
} catch (error) {
  if (!(error instanceof DatabaseStartError)) throw error
  process.stdout.write(`${JSON.stringify({ sentence: error.sentence })}\n`)
}
