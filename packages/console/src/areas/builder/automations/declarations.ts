import { codeDeclarations } from '@holdfast/contracts/builder/code-declarations'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { basePathOf } from '../paths.ts'

type Defined = Pick<Endpoint, 'path' | 'schema' | 'collectionId'>
type Field = Defined['schema'][number]

/**
 * What code can reach, with the records of this installation: the paths that `db.collection` knows, and the fields of
 * their records. `own` is the collection of `db` itself; code of cron jobs has none.
 */
export function declarationsOf(endpoints: readonly Defined[], own: string | null = null): string {
  const collections = new Map<string, Defined>()
  for (const endpoint of endpoints)
    if (endpoint.collectionId !== null && !collections.has(endpoint.collectionId))
      collections.set(endpoint.collectionId, endpoint)
  const known = [...collections].map(([id, { path, schema }], index) => ({
    id,
    index,
    path: basePathOf(path),
    schema,
  }))
  const ownIndex = known.find(({ id }) => id === own)?.index
  const overloads = known.map(({ index, path }) => `  collection(path: '${path}'): Collection${index}\n`)
  const interfaces = known.map(({ index, schema }) => interfacesOf(index, schema)).join('')
  const db = `interface Db extends Collection${ownIndex ?? ''} {\n${overloads.join('')}`
  return codeDeclarations.replace('interface Db extends Collection {\n', () => interfaces + db)
}

function interfacesOf(index: number, schema: readonly Field[]): string {
  const record = `Record${index}`
  return `interface ${record} extends DataRecord {
${membersOf(schema)
  .map((member) => `  ${member}\n`)
  .join('')}}
interface Collection${index} extends Collection {
  findOne(idOrFilter: string | Filter): Promise<${record} | null>
  find(filter?: Filter, options?: { limit?: number; page?: number; sort?: string }): Promise<${record}[]>
  create(data: object | object[]): Promise<${record}>
  update(id: string, changes: object): Promise<${record} | null>
}
`
}

/** Hidden fields stay hidden from code; a name that is no word cannot stand after a dot. */
function membersOf(schema: readonly Field[]): string[] {
  return schema
    .filter(({ name, hidden }) => !hidden && /^[A-Za-z_]\w*$/.test(name))
    .map((field) => `${field.name}: ${typeOf(field)}`)
}

function typeOf(field: Field): string {
  switch (field.type) {
    case 'number':
    case 'boolean':
      return field.type
    case 'object': {
      const members = membersOf(field.children)
      return members.length === 0 ? 'any' : `{ ${members.join('; ')} }`
    }
    case 'array':
      return 'any[]'
    case 'json':
      return 'any'
    default:
      return 'string'
  }
}
