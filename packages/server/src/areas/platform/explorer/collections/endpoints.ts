import {
  createEndpoint,
  type Endpoint,
  type EndpointChange,
  type EndpointInput,
  updateEndpoint,
} from '@holdfast/contracts/builder/endpoints'
import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Context } from '../../../../context.ts'
import type { DocumentCollection } from '../collection.ts'
import { isUuid, readDocument } from '../documents.ts'

/** The builder's endpoints, as far as the explorer needs them. */
export interface EndpointSource {
  /** The product's own endpoints are not kept in the database, and are not listed. */
  list(
    ctx: Context,
    query: { page: number; limit: number; search?: string; system: 'false'; newestFirst: true },
  ): Promise<{ endpoints: Endpoint[]; total: number }>
  get(ctx: Context, id: string): Promise<Endpoint>
  create(ctx: Context, input: EndpointInput): Promise<{ endpoint: Endpoint }>
  update(ctx: Context, id: string, change: EndpointChange): Promise<unknown>
  remove(ctx: Context, id: string, confirm: boolean): Promise<void>
}

const own = { system: 'false', newestFirst: true } as const

/** Definitions of endpoints; a path that is changed here answers at once, as one changed in the builder does. */
export function createEndpointDocuments(endpoints: EndpointSource): DocumentCollection {
  return {
    label: 'Endpoints',
    description: 'What each path and method does, for whom.',
    writers: ['manage_api'],
    operations: ['create', 'update', 'delete'],
    count: async (ctx) => (await endpoints.list(ctx, { page: 1, limit: 1, ...own })).total,

    async list(ctx, { limit, offset, search }) {
      if (isUuid(search)) {
        const found = await find(ctx, search)
        return found === null ? { documents: [], total: 0 } : { documents: [found], total: 1 }
      }
      const page = offset / limit + 1
      const { endpoints: rows, total } = await endpoints.list(ctx, { page, limit, search, ...own })
      return { documents: rows.map(documentOf), total }
    },
    find,

    async create(ctx, body) {
      const { endpoint } = await endpoints.create(ctx, readDocument(createEndpoint.body, body))
      return endpoint.id
    },
    async update(ctx, id, body) {
      await endpoints.update(ctx, id, readDocument(updateEndpoint.body, body))
    },
    remove: (ctx, id) => endpoints.remove(ctx, id, false),
  }

  async function find(ctx: Context, id: string) {
    if (!isUuid(id)) return null
    try {
      return documentOf(await endpoints.get(ctx, id))
    } catch (error) {
      if (isProblem(error, 'endpoints.not_found')) return null
      throw error
    }
  }
}

/** Without the second name of `schema`. */
function documentOf({ fields, ...endpoint }: Endpoint) {
  void fields
  return endpoint
}
