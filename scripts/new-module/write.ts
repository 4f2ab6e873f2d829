import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { namesOf } from './names.ts'
import { contract, problems } from './contract.ts'
import { migration, moduleTest, repo, routes, service } from './server.ts'

const areasFolder = 'packages/server/src/areas'

/**
 * Writes the files of a new module below `root` and lists its routes, problems, events and table where the others are listed.
 * Answers the paths. Throws a sentence, and has written nothing, when the area or the name will not do.
 */
export function writeModule(root: string, area: string, name: string, now: Date): string[] {
  if (area === '' || name === '')
    throw new Error('Say the area and the name: npm run new:module -- identity badges')
  if (!/^[a-z][a-z-]*$/.test(area) || !existsSync(join(root, areasFolder, area, 'area.ts')))
    throw new Error(`There is no area "${area}". The areas are the folders of ${areasFolder}.`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*[a-rt-z0-9]s$/.test(name))
    throw new Error(
      `"${name}" is no name for a module: a plural in small letters, such as badges or name-tags.`,
    )
  const names = namesOf(area, name)
  const minute = now.toISOString().replaceAll(/\D/g, '').slice(0, 12)
  const folder = `${areasFolder}/${area}/${name}`
  const contractPath = `packages/contracts/src/${area}/${name}.ts`
  const tables = readFileSync(join(root, 'packages/server/src/tables.ts'), 'utf8')
  const isTaken =
    existsSync(join(root, folder)) ||
    existsSync(join(root, contractPath)) ||
    new RegExp(`^ {2}${names.table}: `, 'm').test(tables)
  if (isTaken)
    throw new Error(`There is a module, a contract or a table "${name}" already. Choose another name.`)

  const files = new Map([
    [contractPath, contract(names)],
    [`packages/contracts/src/${area}/${name}-problems.ts`, problems(names)],
    [`packages/server/migrations/${minute}_${names.table}.sql`, migration(names)],
    [`${folder}/repo.ts`, repo(names)],
    [`${folder}/service.ts`, service(names)],
    [`${folder}/routes.ts`, routes(names)],
    [`${folder}/${name}.test.ts`, moduleTest(names)],
  ])
  const list = (path: string, change: (text: string) => string) =>
    files.set(path, change(readFileSync(join(root, path), 'utf8')))
  const imported = (what: string, from: string) => `import { ${what} } from './${area}/${from}.ts'\n`
  list('packages/contracts/src/routes.ts', (text) =>
    (imported(`${names.one}Routes`, name) + text).replace(/\n\]/, `\n  ...${names.one}Routes,\n]`),
  )
  list('packages/contracts/src/problems.ts', (text) =>
    (imported(`${names.one}Problems`, `${name}-problems`) + text).replace(
      /(export const problems = \{[^}]*)\}/,
      `$1  ...${names.one}Problems,\n}`,
    ),
  )
  list('packages/contracts/src/events.ts', (text) =>
    text.replace(
      'export const eventCatalogue = {\n',
      `$&  '${names.action}.created': 'A ${names.words} was created.',\n  '${names.action}.deleted': 'A ${names.words} was deleted.',\n`,
    ),
  )
  list('packages/server/src/tables.ts', (text) =>
    text.replace(
      'export interface Tables {\n',
      `export interface Tables {\n  ${names.table}: { id: string; name: string; created_at: string }\n`,
    ),
  )
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return [...files.keys()]
}
