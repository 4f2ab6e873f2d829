import { done, success } from '@holdfast/contracts/kit/answer'
import {
  clearCollection,
  createDocument,
  deleteDocument,
  getDocument,
  listCollections,
  listDocuments,
  updateDocument,
} from '@holdfast/contracts/platform/explorer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Explorer } from './service.ts'

export function bindExplorer(explorer: Explorer): BoundRoute[] {
  return [
    handle(listCollections, async (ctx) => success(await explorer.collections(ctx))),
    handle(listDocuments, async (ctx, { params, query }) => {
      const { documents, total } = await explorer.list(ctx, params.name, query)
      return { ...success(documents), meta: { page: query.page, limit: query.limit, total } }
    }),
    handle(getDocument, async (ctx, { params }) => success(await explorer.get(ctx, params.name, params.id))),
    handle(createDocument, async (ctx, { params, body }) =>
      success(await explorer.create(ctx, params.name, body)),
    ),
    handle(updateDocument, async (ctx, { params, body }) =>
      success(await explorer.update(ctx, params.name, params.id, body)),
    ),
    handle(deleteDocument, async (ctx, { params }) => {
      await explorer.remove(ctx, params.name, params.id)
      return done('Document deleted')
    }),
    handle(clearCollection, async (ctx, { params }) =>
      success({ deleted: await explorer.clear(ctx, params.name) }),
    ),
  ]
}
