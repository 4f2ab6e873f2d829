import { createEndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import { createEndpoint, type Endpoint, endpointMethods } from '@holdfast/contracts/builder/endpoints'
import type { FieldRequest } from '@holdfast/contracts/builder/fields'
import type { Client } from '@holdfast/contracts/kit/client'

/** A small shop, the same in every run: what the pages are looked at with. */
export interface Shop {
  products: Endpoint[]
  suppliers: Endpoint[]
  groupId: string
  /** The record that drawers are opened on. */
  recordId: string
}

const names = [
  'Cast-iron pan',
  'Watering can',
  'Desk lamp',
  'Bread knife',
  'Tea towel',
  'Garden hose',
  'Stapler',
  'Whisk',
  'Trowel',
  'Notebook',
]
const categories = ['Kitchen', 'Garden', 'Office']
const supplierNames = ['Northwind', 'Acme Tools', 'Old Mill', 'Harbor & Sons']
const verbs = { GET: 'Read', POST: 'Create', PUT: 'Replace', PATCH: 'Change', DELETE: 'Delete' }

interface Seeding {
  url: string
  client: Client
  token: string
}

/** The five endpoints of an API, on one path. */
export async function createApi(
  { client }: Pick<Seeding, 'client'>,
  name: string,
  path: string,
  schema: FieldRequest[],
  groupId: string | null = null,
): Promise<Endpoint[]> {
  const made: Endpoint[] = []
  for (const method of endpointMethods) {
    const answer = await client.call(createEndpoint, {
      body: { name: `${verbs[method]} ${name}`, path, method, schema, groupId },
    })
    made.push(answer.data)
  }
  return made
}

/** The endpoint of one method among those of an API. */
export function endpointOf(endpoints: readonly Endpoint[], method: Endpoint['method']): Endpoint {
  const found = endpoints.find((endpoint) => endpoint.method === method)
  if (!found) throw new Error(`There is no ${method} endpoint among them.`)
  return found
}

/** Creates records in one request; answers their ids, first to last. */
export async function createRecords(
  { url, token }: Seeding,
  path: string,
  records: readonly object[],
): Promise<string[]> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  })
  const answer = (await response.json()) as { data: { id: string }[]; error?: string }
  if (!response.ok) throw new Error(`${path} refused the records: ${answer.error}`)
  return answer.data.map(({ id }) => id)
}

/** Fills a new installation. */
export async function seedShop(into: Seeding): Promise<Shop> {
  const group = (name: string, icon: string, color: string, order: number, description = '') =>
    into.client.call(createEndpointGroup, { body: { name, icon, color, order, description } })
  await group('CRM', 'users', '#3b82f6', 0)
  const shop = await group('Shop', 'shopping-cart', '#ea580c', 1, 'What the shop shows and sells.')
  const suppliers = await createApi(
    into,
    'supplier',
    '/api/suppliers',
    [
      { name: 'name', type: 'string', required: true, unique: true },
      { name: 'email', type: 'string' },
    ],
    shop.data.id,
  )
  const products = await createApi(
    into,
    'product',
    '/api/products',
    productFields(endpointOf(suppliers, 'GET').id),
    shop.data.id,
  )
  const supplierIds = await createRecords(
    into,
    '/api/suppliers',
    supplierNames.map((name) => ({
      name,
      email: `hello@${name.toLowerCase().replace(/[^a-z]+/g, '')}.example`,
    })),
  )
  const productIds = await createRecords(into, '/api/products', productRecords(supplierIds))
  return { products, suppliers, groupId: shop.data.id, recordId: productIds.at(-3) ?? '' }
}

function productFields(supplierEndpointId: string): FieldRequest[] {
  return [
    { name: 'title', type: 'string', required: true, description: 'What it is called in the shop.' },
    { name: 'price', type: 'number', required: true, minimum: 0 },
    { name: 'category', type: 'string', choices: categories },
    { name: 'inStock', type: 'boolean', defaultValue: true },
    { name: 'supplier', type: 'reference', refEndpointId: supplierEndpointId },
    { name: 'addedOn', type: 'datetime' },
    {
      name: 'size',
      type: 'object',
      children: [
        { name: 'widthMm', type: 'number' },
        { name: 'heightMm', type: 'number' },
      ],
    },
    { name: 'purchasePrice', type: 'number', hidden: true },
  ]
}

function productRecords(supplierIds: readonly string[]): object[] {
  return Array.from({ length: 240 }, (_, index) => ({
    title: `${names[index % names.length]}${index < names.length ? '' : ` No. ${Math.ceil(index / names.length)}`}`,
    price: Math.round(500 + ((index * 3_701) % 9_000)) / 100,
    category: categories[index % categories.length],
    inStock: index % 4 !== 0,
    supplier: supplierIds[index % supplierIds.length],
    addedOn: new Date(Date.UTC(2026, 1, 1) + index * 7_200_000).toISOString(),
    size: { widthMm: 80 + ((index * 7) % 300), heightMm: 20 + ((index * 13) % 400) },
  }))
}
