import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Context } from '../../../context.ts'
import { effectiveNetworkAccess } from '../network-access/rules.ts'

/** An endpoint as somebody sees it who puts it behind another door. */
export interface PublicEndpoint {
  endpoint: Endpoint
  /** Only these addresses may call; null when addresses alone do not decide. */
  addresses: string[] | null
}

export interface Publications {
  /** Null when there is none with this id. */
  find(ctx: Context, id: string): Promise<PublicEndpoint | null>
  /** Of all endpoints that somebody made. */
  ids(ctx: Context): Promise<string[]>
}

interface Needs {
  get: (ctx: Context, id: string) => Promise<Endpoint>
  all: (ctx: Context) => Promise<readonly { id: string }[]>
  networks: (ctx: Context) => Promise<Map<string, NetworkAccess>>
}

export function createPublications({ get, all, networks }: Needs): Publications {
  return {
    async find(ctx, id) {
      const endpoint = await get(ctx, id).catch((error: unknown) => {
        if (isProblem(error, 'endpoints.not_found')) return null
        throw error
      })
      if (endpoint === null) return null
      const group = endpoint.groupId === null ? null : ((await networks(ctx)).get(endpoint.groupId) ?? null)
      const rules = effectiveNetworkAccess(endpoint.networkAccess, group, endpoint.inheritGroupNetworkAccess)
      const isByAddress =
        rules !== null && rules.allowedIpRanges.length > 0 && rules.allowedDomains.length === 0
      return { endpoint, addresses: isByAddress ? rules.allowedIpRanges : null }
    },
    ids: async (ctx) => (await all(ctx)).map(({ id }) => id),
  }
}
