import { codeDeclarations } from '@holdfast/contracts/builder/code-declarations'
import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { expect, it } from 'vitest'
import { createCompletions } from './completions.ts'

const products = `interface Product extends DataRecord {
  title: string
  price: number
  size: { width: number; height: number }
}
interface Products extends Collection {
  findOne(idOrFilter: string | Filter): Promise<Product | null>
  find(filter?: Filter, options?: { limit?: number }): Promise<Product[]>
}
`
const complete = createCompletions(
  codeDeclarations.replace(
    'interface Db extends Collection {\n',
    `${products}interface Db extends Collection {\n  collection(path: '/api/products'): Products\n`,
  ),
)

/** The names that are offered where the code ends. */
function offered(code: string): string[] {
  const result = complete(new CompletionContext(EditorState.create({ doc: code }), code.length, false))
  return result?.options.map(({ label }) => label) ?? []
}

const ofProduct = ['id', '_id', 'createdAt', 'updatedAt', 'title', 'price', 'size']

it.each<[string, string[]]>([
  ["db.collection('/api/products').", ['findOne', 'find', 'create', 'update', 'delete']],
  ["db\n  .collection('/api/products')\n  .f", ['findOne', 'find', 'create', 'update', 'delete']],
  ["db.collection('/api/unknown').", ['findOne', 'find', 'create', 'update', 'delete']],
  ["(await db.collection('/api/products').findOne('x')).", ofProduct],
  ["(await db.collection('/api/products').find({ a: [')'] }))[0].", ofProduct],
  [
    "const all = db.collection('/api/products')\nconst one = await all.findOne({ title: 'x' })\nif (one?.",
    ofProduct,
  ],
  ["for (const one of await db.collection('/api/products').find()) one.", ofProduct],
  ["const found = await db.collection('/api/products').find()\nreturn found.filter((one) => one.", ofProduct],
  ["const found = await db.collection('/api/products').find()\nfound.at(-1).size.", ['width', 'height']],
  ['req.user.', ['id', 'login', 'groupIds']],
  ["const answer = await fetch('https://example.com')\nanswer.", ['status', 'ok', 'headers', 'text', 'json']],
  ['secrets.', ['get']],
  ['console.', ['log', 'info', 'warn', 'error', 'debug']],
  ["db.collection('/api/", ['/api/products']],
  ['const nothing = somewhere()\nnothing.', []],
  ['req.body.', []],
])('after %j the editor offers %j', (code, names) => {
  expect(offered(code)).toEqual(names)
})
