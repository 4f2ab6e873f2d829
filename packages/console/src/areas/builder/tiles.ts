import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { client } from '../../lib/client.ts'
import type { AreaTile } from '../area.ts'

/** How many endpoints have been defined here. */
export async function builderTiles(permissions: readonly string[], signal: AbortSignal): Promise<AreaTile[]> {
  if (!permissions.includes('view') && !permissions.includes('manage_api')) return []
  const own = await client.call(listEndpoints, { query: { limit: 1, system: 'false' } }, { signal })
  return [{ label: 'Endpoints', value: own.meta.total, to: '/build' }]
}
