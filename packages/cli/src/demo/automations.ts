import { createCronJob, runCronJob } from '@holdfast/contracts/builder/automations/cron'
import { saveSecret } from '@holdfast/contracts/builder/code'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import type { Client } from '@holdfast/contracts/kit/client'

const summary = `async function handler(req, db) {
  const products = await db.collection('/api/products').find({}, { limit: 500 })
  console.log('looked at', products.length, 'products')
  return { data: { products: products.length, asked: req.user?.login ?? 'a visitor' } }
}
`

const nightly = `async function run() {
  const products = await db.collection('/api/products').find({}, { limit: 500 })
  console.log(products.length + ' products are on sale')
  return 'Counted ' + products.length + ' products'
}
`

/** An endpoint that answers by itself, a job for every night that has run once, and a secret for code to read. */
export async function fillAutomations(client: Client, groupId: string): Promise<void> {
  await client.call(createEndpoint, {
    body: {
      name: 'Shop summary',
      description: 'Answered by code instead of records.',
      path: '/api/shop-summary',
      method: 'GET',
      groupId,
      accessType: 'public',
      handlers: [{ name: 'Summary', type: 'javascript', code: summary }],
    },
  })
  await client.call(saveSecret, {
    params: { name: 'SHOP_API_KEY' },
    body: { value: 'demo-key-of-nobody', description: 'For the supplier’s API.' },
  })
  const { data } = await client.call(createCronJob, {
    body: {
      name: 'Nightly count',
      description: 'Counts the products on sale.',
      schedule: '30 3 * * *',
      actionType: 'javascript',
      javascriptCode: nightly,
    },
  })
  await client.call(runCronJob, { params: { id: data.id } })
}
