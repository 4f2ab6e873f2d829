import type { FieldRequest } from '@holdfast/contracts/builder/fields'
import type { Random } from './random.ts'

/** One resource of the example: its schema and its records. */
export interface DemoResource {
  name: string
  description: string
  group: string
  path: string
  accessType: 'public' | 'authenticated'
  /** `endpointOf(path)` answers the id of the endpoint that lists another resource. */
  schema(endpointOf: (path: string) => string): FieldRequest[]
  /** `idsOf(path)` answers the ids of records made before. */
  records(random: Random, idsOf: (path: string) => readonly string[]): Record<string, unknown>[]
}

export const demoGroups = [
  { name: 'Shop', description: 'What we sell and to whom', icon: 'shopping-bag', color: '#0d9488', order: 0 },
  { name: 'Devices', description: 'Sensors in the warehouse', icon: 'cpu', color: '#6366f1', order: 1 },
]

const kinds = [
  'Lamp',
  'Kettle',
  'Stool',
  'Backpack',
  'Notebook',
  'Blanket',
  'Clock',
  'Teapot',
  'Basket',
  'Compass',
]
const styles = ['Harbour', 'Fjord', 'Heather', 'Granite', 'Birch', 'Lantern']
const firstNames = [
  'Ada',
  'Linus',
  'Grace',
  'Edsger',
  'Barbara',
  'Alan',
  'Radia',
  'Ken',
  'Margaret',
  'Dennis',
]
const lastNames = [
  'Berg',
  'Castellano',
  'Dubois',
  'Eriksen',
  'Fontana',
  'Grünwald',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Kowalski',
]
const cities = ['Bergen', 'Porto', 'Leeds', 'Kraków', 'Lyon', 'Graz', 'Tartu', 'Ghent']

export const demoResources: DemoResource[] = [
  {
    name: 'Categories',
    description: 'Shelves of the shop',
    group: 'Shop',
    path: '/api/categories',
    accessType: 'public',
    schema: () => [
      { name: 'title', type: 'string', required: true, unique: true, maxLength: 80 },
      { name: 'description', type: 'string' },
    ],
    records: () =>
      ['Light', 'Kitchen', 'Living', 'Outdoors', 'Paper'].map((title) => ({
        title,
        description: `Everything for ${title.toLowerCase()}`,
      })),
  },
  {
    name: 'Products',
    description: 'What the shop sells',
    group: 'Shop',
    path: '/api/products',
    accessType: 'public',
    schema: (endpointOf) => [
      { name: 'title', type: 'string', required: true, maxLength: 120 },
      { name: 'price', type: 'number', required: true, minimum: 0, indexed: true },
      { name: 'inStock', type: 'boolean', defaultValue: true },
      { name: 'categoryId', type: 'reference', refEndpointId: endpointOf('/api/categories') },
      { name: 'tags', type: 'array' },
      {
        name: 'size',
        type: 'object',
        children: [
          { name: 'widthMm', type: 'number' },
          { name: 'heightMm', type: 'number' },
        ],
      },
    ],
    records: (random, idsOf) =>
      kinds.flatMap((kind) =>
        styles.map((style) => ({
          title: `${style} ${kind}`,
          price: random.integer(900, 24_900) / 100,
          inStock: random.chance(0.85),
          categoryId: random.pick(idsOf('/api/categories')),
          tags: [style.toLowerCase(), random.pick(['new', 'classic', 'sale'])],
          size: { widthMm: random.integer(80, 900), heightMm: random.integer(40, 1_200) },
        })),
      ),
  },
  {
    name: 'Customers',
    description: 'People who buy',
    group: 'Shop',
    path: '/api/customers',
    accessType: 'authenticated',
    schema: () => [
      { name: 'name', type: 'string', required: true },
      { name: 'email', type: 'string', required: true, unique: true },
      { name: 'city', type: 'string', indexed: true },
      { name: 'since', type: 'datetime' },
    ],
    records: (random) =>
      firstNames.flatMap((first) =>
        lastNames.map((last, index) => ({
          name: `${first} ${last}`,
          email: `${first}.${last}@example.com`
            .toLowerCase()
            .normalize('NFD')
            .replace(/[^\w.@-]/g, ''),
          city: random.pick(cities),
          since: new Date(Date.UTC(2024, index, random.integer(1, 28))).toISOString(),
        })),
      ),
  },
  {
    name: 'Orders',
    description: 'Who bought what',
    group: 'Shop',
    path: '/api/orders',
    accessType: 'authenticated',
    schema: (endpointOf) => [
      { name: 'customerId', type: 'reference', required: true, refEndpointId: endpointOf('/api/customers') },
      { name: 'productId', type: 'reference', required: true, refEndpointId: endpointOf('/api/products') },
      { name: 'quantity', type: 'number', required: true, minimum: 1 },
      {
        name: 'status',
        type: 'string',
        required: true,
        choices: ['open', 'paid', 'shipped', 'returned'],
        indexed: true,
      },
      { name: 'placedAt', type: 'datetime', indexed: true },
      { name: 'note', type: 'string' },
    ],
    records: (random, idsOf) =>
      Array.from({ length: 900 }, () => ({
        customerId: random.pick(idsOf('/api/customers')),
        productId: random.pick(idsOf('/api/products')),
        quantity: random.integer(1, 6),
        status: random.pick(['open', 'paid', 'paid', 'shipped', 'shipped', 'shipped', 'returned']),
        placedAt: new Date(
          Date.UTC(
            2026,
            random.integer(0, 9),
            random.integer(1, 28),
            random.integer(6, 22),
            random.integer(0, 59),
          ),
        ).toISOString(),
        ...(random.chance(0.2) && {
          note: random.pick(['Gift wrapping, please', 'Leave at the door', 'Call before delivery']),
        }),
      })),
  },
  {
    name: 'Readings',
    description: 'What the sensors report; kept for 30 days',
    group: 'Devices',
    path: '/api/readings',
    accessType: 'authenticated',
    schema: () => [
      { name: 'sensor', type: 'string', required: true, indexed: true },
      { name: 'celsius', type: 'number', required: true },
      { name: 'humidity', type: 'number' },
      { name: 'takenAt', type: 'datetime', required: true },
    ],
    records: (random) =>
      Array.from({ length: 500 }, (_, index) => ({
        sensor: `hall-${random.integer(1, 6)}`,
        celsius: random.integer(140, 240) / 10,
        humidity: random.integer(30, 70),
        takenAt: new Date(Date.UTC(2026, 10, 1) + index * 600_000).toISOString(),
      })),
  },
]

/** Accounts beside the administrator, each with the password `Holdfast123!`. */
export const demoUsers = [
  { login: 'editor', email: 'editor@example.com', name: 'Eda Editor', group: 'Editor' },
  { login: 'viewer', email: 'viewer@example.com', name: 'Vito Viewer', group: 'Viewer' },
  { login: 'manager', email: 'manager@example.com', name: 'Mara Manager', group: 'Manager' },
]
