import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { Blocks } from 'lucide-react'
import { client } from '../../lib/client.ts'
import type { FoundThing } from '../area.ts'

const most = 8

/** Endpoints whose name, path or method has this text. */
export async function findEndpoints(text: string, signal: AbortSignal): Promise<FoundThing[]> {
  const found = await client.call(
    listEndpoints,
    { query: { search: text, limit: most, system: 'false' } },
    { signal },
  )
  return found.data.map((endpoint) => ({
    to: `/build/endpoints/${endpoint.id}`,
    label: endpoint.name,
    icon: Blocks,
    note: `${endpoint.method} ${endpoint.path}`,
  }))
}
