import { Problem } from '@holdfast/contracts/kit/problem'
import {
  type CollectionName,
  collectionNames,
  type CollectionSummary,
  type RawDocument,
  updateDocument,
} from '@holdfast/contracts/platform/explorer'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { holds } from '../../../rights.ts'
import type { Activity } from '../activity/service.ts'
import type { DocumentCollection } from './collection.ts'
import { isDocumentId } from './documents.ts'

/**
 * The database explorer: seven collections as JSON documents, for whoever looks after them.
 *
 * Invariants: only what stands in `collectionNames` can be reached; secrets never leave and cannot be written; a change
 * goes through the module that owns the document, so that what is made here is as valid as what is made elsewhere;
 * nobody writes here what they may not write there. Every change is audited, and shows in the activity log.
 */
export interface Explorer {
  collections(ctx: Context): Promise<CollectionSummary[]>
  /** Throws database.collection_not_allowed. */
  list(
    ctx: Context,
    name: string,
    query: { page: number; limit: number; search?: string | undefined },
  ): Promise<{ documents: RawDocument[]; total: number }>
  /** Throws database.collection_not_allowed, database.document_id_invalid, database.document_not_found. */
  get(ctx: Context, name: string, id: string): Promise<RawDocument>
  /** Throws request.invalid, database.document_conflict, database.document_protected, database.beyond_own_rights. */
  create(ctx: Context, name: string, body: Record<string, unknown>): Promise<RawDocument>
  update(ctx: Context, name: string, id: string, body: Record<string, unknown>): Promise<RawDocument>
  remove(ctx: Context, name: string, id: string): Promise<void>
  /** Answers how many documents are gone. Throws database.collection_not_clearable. */
  clear(ctx: Context, name: string): Promise<number>
}

interface Needs {
  collections: Record<CollectionName, DocumentCollection>
  activity: Pick<Activity, 'recordFor'>
}

export function createExplorer({ collections, activity }: Needs): Explorer {
  function named(name: string): DocumentCollection {
    const found = collectionNames.find((each) => each === name)
    if (found === undefined) throw problem('database.collection_not_allowed')
    return collections[found]
  }

  function writable(ctx: Context, name: string): DocumentCollection {
    const collection = named(name)
    const { writers } = collection
    const { actor } = ctx
    const may =
      actor.kind === 'user' && writers.some((permission) => holds(actor, permission, updateDocument))
    if (writers.length > 0 && !may) throw problem('database.beyond_own_rights')
    return collection
  }

  async function find(ctx: Context, name: string, id: string): Promise<RawDocument> {
    const document = await named(name).find(ctx, id)
    if (document !== null) return document
    throw problem(isDocumentId(id) ? 'database.document_not_found' : 'database.document_id_invalid')
  }

  function recordWrite(ctx: Context, verb: 'create' | 'update' | 'delete', name: string, id: string): void {
    activity.recordFor(ctx, { action: `database_${verb}` as const, message: `Raw DB ${verb}: ${name}/${id}` })
  }

  return {
    async collections(ctx) {
      const summaries: CollectionSummary[] = []
      for (const name of collectionNames) {
        const { label, description, operations, count, clear } = collections[name]
        const clearable = clear !== undefined
        summaries.push({ name, label, description, operations, clearable, count: await count(ctx) })
      }
      return summaries
    },

    list: (ctx, name, { page, limit, search }) =>
      named(name).list(ctx, { limit, offset: (page - 1) * limit, search: search?.trim() ?? '' }),

    get: find,

    async create(ctx, name, body) {
      const collection = writable(ctx, name)
      if (collection.create === undefined) throw writtenByProduct()
      const id = await collection.create(ctx, body).catch(refuse)
      recordWrite(ctx, 'create', name, id)
      return find(ctx, name, id)
    },

    async update(ctx, name, id, body) {
      const collection = writable(ctx, name)
      const known = await find(ctx, name, id)
      if (collection.update === undefined) throw writtenByProduct()
      await collection.update(ctx, known.id, body).catch(refuse)
      recordWrite(ctx, 'update', name, known.id)
      return find(ctx, name, known.id)
    },

    async remove(ctx, name, id) {
      const collection = writable(ctx, name)
      const known = await find(ctx, name, id)
      if (collection.remove === undefined) throw writtenByProduct()
      await collection.remove(ctx, known.id).catch(refuse)
      recordWrite(ctx, 'delete', name, known.id)
    },

    async clear(ctx, name) {
      const { clear } = named(name)
      if (clear === undefined) throw problem('database.collection_not_clearable')
      writable(ctx, name)
      const deleted = await clear(ctx)
      activity.recordFor(ctx, {
        action: 'database_delete',
        message: `Raw DB delete: ${name} (${deleted} documents)`,
      })
      return deleted
    },
  }
}

function writtenByProduct(): Problem {
  return problem('database.document_protected', {
    sentence: 'Documents of this collection are written by the product alone.',
  })
}

/** What the owner of a document refuses, under the explorer's own codes and in the owner's words. */
function refuse(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  const code = codes[error.status]
  if (code === undefined) throw error
  throw problem(code, { sentence: error.message, details: error.details, cause: error })
}

const codes: Readonly<Record<number, Parameters<typeof problem>[0]>> = {
  400: 'request.invalid',
  403: 'database.document_protected',
  404: 'database.document_not_found',
  409: 'database.document_conflict',
}
