import { testEndpoint } from '@holdfast/contracts/builder/endpoint-tools'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { client } from '../../../lib/client.ts'
import { basePathOf } from '../paths.ts'

/** An id that no record has: the generator begins with the time, and this is before there were computers. */
const nobody = '0'.repeat(24)

/**
 * Whether the network rules let a caller through. The probe is harmless by its shape: it asks for a record that cannot
 * exist, or sends a text where a record must be an object; network rules are checked before either is looked at.
 */
export async function wouldPass(
  endpoint: Endpoint,
  caller: { address: string; origin: string },
): Promise<boolean> {
  const isWrite = endpoint.method === 'POST' || endpoint.method === 'PUT' || endpoint.method === 'PATCH'
  const { data } = await client.call(testEndpoint, {
    params: { id: endpoint.id },
    body: {
      ...(endpoint.method === 'POST' ? {} : { path: `${basePathOf(endpoint.path)}/${nobody}` }),
      ...(isWrite ? { body: 'network probe' } : {}),
      headers: caller.origin === '' ? {} : { Origin: caller.origin },
      ...(caller.address === '' ? {} : { clientIp: caller.address }),
      applyNetworkAccess: true,
    },
  })
  return !isDenied(data.response.body)
}

function isDenied(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 'records.network_denied'
}
