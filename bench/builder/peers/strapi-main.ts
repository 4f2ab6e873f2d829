import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startManagedPostgres } from '@holdfast/database/managed/managed-postgres'
import { createLogger } from '@holdfast/kernel/logger'

/** Runs Strapi on a private PostgreSQL, both on the core this process was pinned to: `strapi-main.ts APPLICATION DATA PORT`. */
const [application = '', dataDirectory = '', port = ''] = process.argv.slice(2)
const postgres = await startManagedPostgres({
  dataDirectory,
  logger: createLogger({ level: 'error' }),
  searchPath: process.env.PATH ?? '',
})
const { host, port: databasePort, user, database } = postgres.connectionConfig
const strapi = spawn(
  process.execPath,
  [join(application, 'node_modules/@strapi/strapi/bin/strapi.js'), 'start'],
  {
    cwd: application,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      STRAPI_TELEMETRY_DISABLED: 'true',
      PORT: port,
      PGHOST: host,
      PGPORT: String(databasePort),
      PGUSER: String(user),
      PGDATABASE: String(database),
    },
  },
)
process.once('SIGTERM', () => strapi.kill('SIGTERM'))
strapi.once('exit', (code) => {
  void postgres.stop().finally(() => process.exit(code ?? 0))
})
