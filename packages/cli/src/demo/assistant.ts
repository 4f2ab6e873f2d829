import { createToken } from '@holdfast/contracts/identity/tokens'
import type { Client } from '@holdfast/contracts/kit/client'

const calls = [
  { name: 'get_api_categories', arguments: {} },
  { name: 'get_api_products', arguments: { query: { sort: '-price', limit: 5, fields: 'name,price' } } },
  { name: 'get_api_products', arguments: { query: { filter: { price: { lt: 20 } }, limit: 5 } } },
  // It may only read: a refusal is in the log as well.
  { name: 'post_api_products', arguments: { body: { name: 'An idea' } } },
] as const

/** A token that may only read records, and what an assistant has done with it. */
export async function fillAssistant(client: Client, baseUrl: string): Promise<void> {
  const { data } = await client.call(createToken, {
    body: { name: 'Shop assistant', scopes: ['records:read'] },
  })
  const speak = async (method: string, params: object) => {
    const response = await fetch(`${baseUrl}/api/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Shop assistant',
        authorization: `Bearer ${data.token}`,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: method, method, params }),
    })
    if (!response.ok) throw new Error(`/api/mcp answered ${response.status}.`)
    await response.arrayBuffer()
  }
  await speak('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'Shop assistant', version: '1.0.0' },
  })
  await speak('tools/list', {})
  for (const params of calls) await speak('tools/call', params)
}
