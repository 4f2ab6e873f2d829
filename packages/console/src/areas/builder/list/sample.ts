import type { ApiPlan } from '../api-plan.ts'

/** A small shop's products: enough types to show what fields can do. */
export const sampleApi = {
  name: 'Product',
  path: '/api/products',
  groupId: null,
  accessType: 'authenticated',
  allowedGroupIds: [],
  fields: [
    { name: 'title', type: 'string', required: true, description: 'What it is called in the shop.' },
    { name: 'price', type: 'number', required: true, minimum: 0, indexed: true },
    { name: 'category', type: 'string', choices: ['Kitchen', 'Garden', 'Office'] },
    { name: 'inStock', type: 'boolean', defaultValue: true },
    { name: 'addedOn', type: 'datetime' },
    {
      name: 'size',
      type: 'object',
      children: [
        { name: 'widthMm', type: 'number' },
        { name: 'heightMm', type: 'number' },
      ],
    },
  ],
} satisfies Omit<ApiPlan, 'methods'>

export const sampleRecords = [
  {
    title: 'Cast-iron pan',
    price: 48.5,
    category: 'Kitchen',
    inStock: true,
    addedOn: '2026-01-12T08:00:00.000Z',
    size: { widthMm: 280, heightMm: 55 },
  },
  {
    title: 'Watering can',
    price: 19,
    category: 'Garden',
    inStock: true,
    addedOn: '2026-02-03T10:30:00.000Z',
    size: { widthMm: 340, heightMm: 300 },
  },
  {
    title: 'Desk lamp',
    price: 74.9,
    category: 'Office',
    inStock: false,
    addedOn: '2026-02-20T15:45:00.000Z',
    size: { widthMm: 180, heightMm: 460 },
  },
] as const
