import { spawnSync } from 'node:child_process'
import { generateRowTypes } from '@holdfast/database/row-types'
import { programOf, repositoryRoot } from '../run.ts'
import type { Connection } from './connection.ts'

const head = `/** Row types of every table. Generated from the migrated database by \`npm run generate\`; a test compares. */
import type { ColumnType } from 'kysely'

/** Read as the value it is, written as JSON text: \`pg\` would send an array as PostgreSQL's own array. */
type Json = ColumnType<unknown, string, string>
`

/** Source of the server's `tables.ts`, formatted. */
export async function tablesSource(connection: Connection): Promise<string> {
  const body = (await generateRowTypes(connection))
    .replace(/^[\s\S]*?(?=^export )/m, '')
    .replace('export interface DB {', 'export interface Tables {')
    .replaceAll(/^export (interface (?!Tables )|type )/gm, '$1')
    .replaceAll(/\bunknown\b/g, 'Json')
  return format(`${head}\n${body}`)
}

function format(source: string): string {
  const words = [
    programOf('@biomejs', 'biome', 'bin', 'biome'),
    'format',
    '--stdin-file-path=packages/server/src/tables.ts',
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: repositoryRoot,
    input: source,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The row types could not be formatted: ${stderr}`)
  return stdout
}
