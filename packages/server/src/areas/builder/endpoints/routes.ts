import {
  getEndpointDocs,
  getEndpointExamples,
  testEndpoint,
} from '@holdfast/contracts/builder/endpoint-tools'
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  listEndpointVersions,
  restoreEndpointVersion,
  updateEndpoint,
} from '@holdfast/contracts/builder/endpoints'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle, type RequestFacts } from '../../../http/handle.ts'
import { documentationOf, exampleOf } from './documentation.ts'
import type { Endpoints, Saved } from './service.ts'
import type { Tester } from './tester.ts'

export function bindEndpoints(endpoints: Endpoints, test: Tester, perPage: () => number): BoundRoute[] {
  return [
    handle(listEndpoints, async (ctx, { query }) => {
      const { page, limit = perPage() } = query
      const { endpoints: data, total, nextCursor } = await endpoints.list(ctx, { ...query, limit })
      return { success: true as const, data, meta: { page, limit, total }, next_cursor: nextCursor }
    }),
    handle(createEndpoint, async (ctx, { body }) => saved(await endpoints.create(ctx, body))),
    handle(getEndpoint, async (ctx, { params }) => success(await endpoints.get(ctx, params.id))),
    handle(updateEndpoint, async (ctx, { params, body }) =>
      saved(await endpoints.update(ctx, params.id, body)),
    ),
    handle(deleteEndpoint, async (ctx, { params, query }) => {
      await endpoints.remove(ctx, params.id, query.confirm === 'true')
      return done('Endpoint deleted')
    }),
    handle(getEndpointExamples, async (ctx, { params }) =>
      success(exampleOf(await endpoints.get(ctx, params.id))),
    ),
    handle(getEndpointDocs, async (ctx, { params }, { scheme, host }) =>
      success(documentationOf(await endpoints.get(ctx, params.id), `${scheme}://${host}`)),
    ),
    handle(testEndpoint, async (ctx, { params, body }, request) =>
      success(await test(ctx, await endpoints.get(ctx, params.id), body, credentialOf(request))),
    ),
    handle(listEndpointVersions, async (ctx, { params, query }) => {
      const { page, limit } = query
      const { versions, total, nextCursor } = await endpoints.listVersions(ctx, params.id, query)
      const meta = { page, limit, total }
      return { success: true as const, data: versions, meta, next_cursor: nextCursor }
    }),
    handle(restoreEndpointVersion, async (ctx, { params, body }) =>
      saved(await endpoints.restore(ctx, params.id, Number(params.version), body.confirm)),
    ),
  ]
}

function saved({ endpoint, operationIds }: Saved): {
  success: true
  data: Saved['endpoint']
  operationIds: string[]
} {
  return { success: true, data: endpoint, operationIds }
}

/** What the caller showed to be let in, so that a tested product route lets them in as well. */
function credentialOf({ headers }: RequestFacts): Record<string, string> {
  const names = ['authorization', 'x-api-key', 'cookie', 'x-csrf-token']
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  )
}
