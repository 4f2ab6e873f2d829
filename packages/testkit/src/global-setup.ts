import { join } from 'node:path'
import { createTemplate, startTestPostgres, type TestTemplate } from '@holdfast/database/testing'
import { silentLogger } from '@holdfast/kernel/logger'
import { migrateJobs } from '@holdfast/server/work/jobs/migrate'
import type { Pool } from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    template: TestTemplate
  }
}

/** One PostgreSQL for the whole run, with a migrated template that every test database is cloned from. */
export default async function setup(project: TestProject) {
  const postgres = await startTestPostgres()
  const migrations = join(import.meta.dirname, '../../server/migrations')
  const withJobs = (database: { pool: Pool }) => migrateJobs(database, silentLogger)
  project.provide(
    'template',
    await createTemplate(postgres.address, 'server', migrations, silentLogger, withJobs),
  )
  return () => postgres.stop()
}
