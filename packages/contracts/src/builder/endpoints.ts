import { z } from 'zod'
import { Done, ok, page, pageQuery, settledPageQuery, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { NetworkAccess } from './endpoint-groups.ts'
import { Field, FieldInputs } from './fields.ts'

export const endpointMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type EndpointMethod = (typeof endpointMethods)[number]
export const accessTypes = ['public', 'authenticated', 'group'] as const
export type AccessType = (typeof accessTypes)[number]
export const handlerTypes = ['pre', 'post', 'transform', 'javascript'] as const
export type HandlerType = (typeof handlerTypes)[number]

/** Code that runs around or instead of the record operations. */
export const EndpointHandler = z
  .object({
    name: z.string().trim().min(1, 'must not be empty').max(80),
    type: z.enum(handlerTypes, `must be one of ${handlerTypes.join(', ')}`),
    code: z.string().max(100_000),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'EndpointHandler' })

/** At most so many requests in a window, counted per caller. */
export const EndpointRateLimit = z
  .object({ requestsMax: z.int().min(1).max(1_000_000), windowSeconds: z.int().min(1).max(86_400) })
  .meta({ id: 'EndpointRateLimit' })

export const Endpoint = z
  .object({
    _id: Id,
    id: Id,
    name: z.string(),
    description: z.string(),
    slug: z.string(),
    /** With `:name` parameters, as reference 000 writes them. */
    path: z.string(),
    method: z.enum(endpointMethods),
    apiVersion: z.string().nullable(),
    groupId: Id.nullable(),
    /** Endpoints with the same collection share their records; null for system endpoints. */
    collectionId: Id.nullable(),
    schema: z.array(Field),
    /** The same list as `schema`. */
    fields: z.array(Field),
    /** Raised by every change of the schema. */
    schemaVersion: z.int(),
    accessType: z.enum(accessTypes),
    allowedGroupIds: z.array(Id),
    networkAccess: NetworkAccess,
    inheritGroupNetworkAccess: z.boolean(),
    handlers: z.array(EndpointHandler),
    rateLimit: EndpointRateLimit.nullable(),
    dataRetentionDays: z.int().nullable(),
    isSystem: z.boolean(),
    enabled: z.boolean(),
    callCount: z.int(),
    createdBy: Id.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Endpoint' })
export type Endpoint = z.output<typeof Endpoint>

const Name = z.string().trim().min(1, 'must not be empty').max(120)
const Description = z.string().max(2_000)
const Slug = z.string().trim().max(120)
const Path = z.string().trim().min(1, 'must not be empty').max(500)
const Method = z.enum(endpointMethods, `must be one of ${endpointMethods.join(', ')}`)
const ApiVersion = z
  .string()
  .regex(/^v\d{1,3}$/, 'must be a version such as v1')
  .nullable()
const AccessTypeName = z.enum(accessTypes, `must be one of ${accessTypes.join(', ')}`)
const GroupIds = z.array(Id).max(100)
const Handlers = z.array(EndpointHandler).max(20)
const RetentionDays = z.int().min(1).max(36_500).nullable()

const EndpointBody = z.object({
  name: Name,
  description: Description.default(''),
  /** Made from the name when absent. */
  slug: Slug.optional(),
  path: Path,
  method: Method,
  apiVersion: ApiVersion.default(null),
  groupId: Id.nullable().default(null),
  schema: FieldInputs.optional(),
  /** The same as `schema`; `schema` wins. */
  fields: FieldInputs.optional(),
  accessType: AccessTypeName.default('authenticated'),
  allowedGroupIds: GroupIds.default([]),
  networkAccess: NetworkAccess.default({ enabled: false, allowedDomains: [], allowedIpRanges: [] }),
  inheritGroupNetworkAccess: z.boolean().default(true),
  handlers: Handlers.default([]),
  rateLimit: EndpointRateLimit.nullable().default(null),
  dataRetentionDays: RetentionDays.default(null),
  enabled: z.boolean().default(true),
})
export type EndpointInput = z.output<typeof EndpointBody>

const Confirm = z
  .boolean()
  .default(false)
  .meta({ description: 'Go on although fields that hold values are taken away. The values are kept.' })

const EndpointChange = z.object({
  name: Name.optional(),
  description: Description.optional(),
  slug: Slug.optional(),
  path: Path.optional(),
  method: Method.optional(),
  apiVersion: ApiVersion.optional(),
  groupId: Id.nullable().optional(),
  schema: FieldInputs.optional(),
  fields: FieldInputs.optional(),
  accessType: AccessTypeName.optional(),
  allowedGroupIds: GroupIds.optional(),
  networkAccess: NetworkAccess.optional(),
  inheritGroupNetworkAccess: z.boolean().optional(),
  handlers: Handlers.optional(),
  rateLimit: EndpointRateLimit.nullable().optional(),
  dataRetentionDays: RetentionDays.optional(),
  enabled: z.boolean().optional(),
  confirm: Confirm,
})
export type EndpointChange = z.output<typeof EndpointChange>

export const EndpointParams = z.object({ id: Id })

/** `operationIds` name what still runs after the answer: building an index, converting values. */
const EndpointSaved = ok(Endpoint).extend({ operationIds: z.array(Id) })

export const EndpointVersion = z
  .object({
    version: z.int(),
    schema: z.array(Field),
    createdBy: Id.nullable(),
    createdByName: z.string(),
    createdAt: Timestamp,
    isCurrent: z.boolean(),
  })
  .meta({ id: 'EndpointVersion' })
export type EndpointVersion = z.output<typeof EndpointVersion>

const read = { permission: ['manage_api', 'view'] } as const
const write = { permission: 'manage_api' } as const
const schemaProblems = ['endpoints.schema_invalid', 'endpoints.schema_conflict'] as const
const saveProblems = [
  ...schemaProblems,
  'endpoints.path_taken',
  'endpoints.path_invalid',
  'endpoints.path_reserved',
  'endpoints.network_invalid',
  'endpoints.group_unknown',
  'endpoint_groups.not_found',
] as const

const Cursor = z
  .string()
  .max(2_000)
  .optional()
  .describe('`next_cursor` of the answer before, to go on from there; not together with page.')

export const listEndpoints = route({
  id: 'endpoints.list',
  method: 'GET',
  path: '/api/endpoints',
  summary: 'List endpoints: your own first, then those of the product itself',
  access: read,
  query: settledPageQuery('endpointsPerPage', 500).extend({
    search: z.string().max(200).optional().meta({ description: 'In name, path, method and description.' }),
    groupId: z
      .union([Id, z.literal('none')])
      .optional()
      .meta({ description: 'Only this group, or `none` for those without one.' }),
    system: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: 'Only, or without, the endpoints of the product itself.' }),
    cursor: Cursor,
  }),
  answers: { 200: page(Endpoint).extend({ next_cursor: z.string().nullable() }) },
})

export const getEndpoint = route({
  id: 'endpoints.get',
  method: 'GET',
  path: '/api/endpoints/{id}',
  summary: 'Get an endpoint',
  access: read,
  params: EndpointParams,
  answers: { 200: ok(Endpoint) },
  problems: ['endpoints.not_found'],
})

export const createEndpoint = route({
  id: 'endpoints.create',
  method: 'POST',
  path: '/api/endpoints',
  summary: 'Create an endpoint; it answers from this moment on',
  access: write,
  audit: 'endpoint.created',
  body: EndpointBody,
  answers: { 201: EndpointSaved },
  problems: saveProblems,
})

export const updateEndpoint = route({
  id: 'endpoints.update',
  method: 'PUT',
  path: '/api/endpoints/{id}',
  summary: 'Change an endpoint; what is absent stays',
  access: write,
  audit: 'endpoint.updated',
  params: EndpointParams,
  body: EndpointChange,
  answers: { 200: EndpointSaved },
  problems: [
    'endpoints.not_found',
    'endpoints.system_protected',
    'endpoints.schema_loses_data',
    ...saveProblems,
  ],
})

export const deleteEndpoint = route({
  id: 'endpoints.delete',
  method: 'DELETE',
  path: '/api/endpoints/{id}',
  summary: 'Delete an endpoint; the records go with the last endpoint on their path',
  access: write,
  audit: 'endpoint.deleted',
  params: EndpointParams,
  query: z.object({
    confirm: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'Go on although other endpoints refer to its records.' }),
  }),
  answers: { 200: Done },
  problems: ['endpoints.not_found', 'endpoints.system_protected', 'endpoints.referenced'],
})

export const listEndpointVersions = route({
  id: 'endpoints.listVersions',
  method: 'GET',
  path: '/api/endpoints/{id}/versions',
  summary: 'List the versions of an endpoint’s schema, newest first',
  access: read,
  params: EndpointParams,
  query: pageQuery(20, 100).extend({ cursor: Cursor }),
  answers: { 200: page(EndpointVersion).extend({ next_cursor: z.string().nullable() }) },
  problems: ['endpoints.not_found'],
})

export const restoreEndpointVersion = route({
  id: 'endpoints.restoreVersion',
  method: 'POST',
  path: '/api/endpoints/{id}/versions/{version}/restore',
  summary: 'Make an earlier schema the current one; the values of its fields come back',
  access: write,
  audit: 'endpoint.restored',
  params: EndpointParams.extend({ version: z.union([z.string().max(40), z.int()]) }),
  body: z.object({ confirm: Confirm }),
  answers: { 200: EndpointSaved },
  problems: [
    'endpoints.not_found',
    'endpoints.version_not_found',
    'endpoints.system_protected',
    'endpoints.schema_loses_data',
    ...schemaProblems,
  ],
})

export const endpointRoutes = [
  listEndpoints,
  createEndpoint,
  getEndpoint,
  updateEndpoint,
  deleteEndpoint,
  listEndpointVersions,
  restoreEndpointVersion,
] as const
