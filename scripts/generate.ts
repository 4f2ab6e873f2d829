import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cloneDatabase, createTemplate, startTestPostgres } from '@holdfast/database/testing'
import { generatedFiles } from './generate/files.ts'
import { schemaPath } from './generate/schema.ts'
import { repositoryRoot } from './run.ts'

/** `npm run generate`: writes every generated file anew, from the code and from a scratch database with all migrations. */
const postgres = await startTestPostgres()
try {
  const migrations = join(repositoryRoot, 'packages/server/migrations')
  const database = await cloneDatabase(await createTemplate(postgres.address, 'generate', migrations))
  const files = await generatedFiles(database.connectionConfig)
  for (const [path, text] of files) {
    const target = join(repositoryRoot, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
    console.log(`wrote ${path}`)
  }
  if (!files.has(schemaPath)) {
    console.log(`left ${schemaPath} alone: there is no pg_dump of the version of the server here.`)
  }
} finally {
  await postgres.stop()
}
