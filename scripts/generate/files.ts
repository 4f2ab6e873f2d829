import type { Connection } from './connection.ts'
import { configurePage } from './configure.ts'
import { consolePathsSource } from './console-paths.ts'
import { problemsPage, routesPage, settingsPage } from './reference.ts'
import { secretNamesSource } from './secret-names.ts'
import { dumpSchema, schemaPath } from './schema.ts'
import { tablesSource } from './tables.ts'

/**
 * Every generated file: its path from the repository's root, and its text. `connection` is a migrated database.
 * The schema's dump is only among them where a `pg_dump` of the server's own version is installed.
 */
export async function generatedFiles(connection: Connection): Promise<Map<string, string>> {
  const files = new Map([
    ['packages/server/src/tables.ts', await tablesSource(connection)],
    ['packages/contracts/src/console-paths.ts', consolePathsSource()],
    ['packages/contracts/src/secret-names.ts', secretNamesSource()],
    ['docs/guide/configure.md', configurePage()],
    ['docs/reference/routes.md', routesPage()],
    ['docs/reference/problems.md', problemsPage()],
    ['docs/reference/settings.md', settingsPage()],
  ])
  const schema = await dumpSchema(connection)
  if (schema !== null) files.set(schemaPath, schema)
  return files
}
