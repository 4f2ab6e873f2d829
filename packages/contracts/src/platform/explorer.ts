import { z } from 'zod'
import { Done, ok, page, pageQuery } from '../kit/answer.ts'
import { route } from '../kit/route.ts'

/** What the explorer shows, under the names that clients of reference 000 know. Nothing else can be reached through it. */
export const collectionNames = [
  'users',
  'groups',
  'endpoints',
  'endpointgroups',
  'endpointdatas',
  'logs',
  'systemsettings',
] as const
export type CollectionName = (typeof collectionNames)[number]

/** Stands for a value that exists and that nobody is shown. */
export const redacted = '[REDACTED]'

const CollectionSummary = z
  .object({
    name: z.enum(collectionNames),
    label: z.string(),
    description: z.string(),
    count: z.int(),
    /** Whether all documents can be deleted at once. */
    clearable: z.boolean(),
    /** What can be done with one document. */
    operations: z.array(z.enum(['create', 'update', 'delete'])),
  })
  .meta({ id: 'CollectionSummary' })
export type CollectionSummary = z.output<typeof CollectionSummary>

export const RawDocument = z.looseObject({ _id: z.string(), id: z.string() }).meta({
  id: 'RawDocument',
  description:
    'A document as it is kept. `_id`, which is also `id`, has 24 hexadecimal characters for records, is a UUID or a name else.',
})
export type RawDocument = z.output<typeof RawDocument>

const DocumentBody = z
  .record(z.string().max(200), z.unknown())
  .meta({ description: 'Properties of the document. Secrets and what the product itself keeps are ignored.' })

const access = { permission: 'manage_users' } as const
const NameParams = z.object({ name: z.string().max(100) })
const DocumentParams = NameParams.extend({ id: z.string().max(200) })

const documentProblems = [
  'database.collection_not_allowed',
  'database.document_id_invalid',
  'database.document_not_found',
] as const
const writeProblems = ['database.beyond_own_rights', 'database.document_protected'] as const

export const listCollections = route({
  id: 'database.listCollections',
  method: 'GET',
  path: '/api/database/collections',
  summary: 'List the collections that can be explored',
  access,
  answers: { 200: ok(z.array(CollectionSummary)) },
})

export const listDocuments = route({
  id: 'database.listDocuments',
  method: 'GET',
  path: '/api/database/collections/{name}',
  summary: 'List documents of a collection, newest first',
  access,
  params: NameParams,
  query: pageQuery(20, 100).extend({
    search: z
      .string()
      .max(200)
      .optional()
      .describe('An `_id`, or part of a name, login, e-mail, path, message or key.'),
  }),
  answers: { 200: page(RawDocument) },
  problems: ['database.collection_not_allowed'],
})

export const getDocument = route({
  id: 'database.getDocument',
  method: 'GET',
  path: '/api/database/collections/{name}/{id}',
  summary: 'Get a document',
  access,
  params: DocumentParams,
  answers: { 200: ok(RawDocument) },
  problems: documentProblems,
})

export const createDocument = route({
  id: 'database.createDocument',
  method: 'POST',
  path: '/api/database/collections/{name}',
  summary: 'Create a document; it has to be as valid as one made elsewhere',
  access,
  audit: 'database.document_created',
  params: NameParams,
  body: DocumentBody,
  answers: { 201: ok(RawDocument) },
  problems: ['database.collection_not_allowed', 'database.document_conflict', ...writeProblems],
})

export const updateDocument = route({
  id: 'database.updateDocument',
  method: 'PUT',
  path: '/api/database/collections/{name}/{id}',
  summary: 'Change properties of a document; what is absent stays',
  access,
  audit: 'database.document_updated',
  params: DocumentParams,
  body: DocumentBody,
  answers: { 200: ok(RawDocument) },
  problems: [...documentProblems, 'database.document_conflict', ...writeProblems],
})

export const deleteDocument = route({
  id: 'database.deleteDocument',
  method: 'DELETE',
  path: '/api/database/collections/{name}/{id}',
  summary: 'Delete a document',
  access,
  audit: 'database.document_deleted',
  params: DocumentParams,
  answers: { 200: Done },
  problems: [...documentProblems, 'database.document_conflict', ...writeProblems],
})

export const clearCollection = route({
  id: 'database.clearCollection',
  method: 'DELETE',
  path: '/api/database/collections/{name}',
  summary: 'Delete all records, or clear the activity log',
  access,
  audit: 'database.collection_cleared',
  params: NameParams,
  answers: { 200: ok(z.object({ deleted: z.int() })) },
  problems: [
    'database.collection_not_allowed',
    'database.collection_not_clearable',
    'database.beyond_own_rights',
  ],
})

export const explorerRoutes = [
  listCollections,
  listDocuments,
  createDocument,
  clearCollection,
  getDocument,
  updateDocument,
  deleteDocument,
] as const
