import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

/** Who may call, by where they call from. Domains come from Origin, Referer or Host; addresses are IPv4 or IPv6. */
export const NetworkAccess = z
  .object({
    enabled: z.boolean().default(false),
    allowedDomains: z
      .array(z.string().max(260))
      .max(200)
      .default([])
      .meta({ description: 'Host names; *.example.com takes in its subdomains.' }),
    allowedIpRanges: z
      .array(z.string().max(60))
      .max(500)
      .default([])
      .meta({ description: 'Addresses or ranges such as 10.0.0.0/8 and 2001:db8::/32.' }),
  })
  .meta({ id: 'NetworkAccess' })
export type NetworkAccess = z.output<typeof NetworkAccess>

export const EndpointGroup = z
  .object({
    _id: Id,
    id: Id,
    name: z.string(),
    description: z.string(),
    icon: z.string(),
    color: z.string(),
    order: z.int(),
    networkAccess: NetworkAccess,
    /** How many endpoints are in it. */
    endpointCount: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'EndpointGroup' })
export type EndpointGroup = z.output<typeof EndpointGroup>

const Name = z.string().trim().min(1, 'must not be empty').max(80)
const Description = z.string().max(500)
const Icon = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be an icon name such as folder')
const Color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #3b82f6')
const Order = z.int().min(0).max(100_000)

const EndpointGroupBody = z.object({
  name: Name,
  description: Description.default(''),
  icon: Icon.default('folder'),
  color: Color.default('#3b82f6'),
  order: Order.default(0),
  networkAccess: NetworkAccess.default({ enabled: false, allowedDomains: [], allowedIpRanges: [] }),
})
export type EndpointGroupInput = z.output<typeof EndpointGroupBody>

const EndpointGroupChange = z.object({
  name: Name.optional(),
  description: Description.optional(),
  icon: Icon.optional(),
  color: Color.optional(),
  order: Order.optional(),
  networkAccess: NetworkAccess.optional(),
})
export type EndpointGroupChange = z.output<typeof EndpointGroupChange>

const EndpointGroupParams = z.object({ id: Id })

export const listEndpointGroups = route({
  id: 'endpointGroups.list',
  method: 'GET',
  path: '/api/endpoints/groups',
  summary: 'List endpoint groups',
  access: { permission: ['manage_api', 'view'] },
  answers: { 200: ok(z.array(EndpointGroup)) },
})

export const createEndpointGroup = route({
  id: 'endpointGroups.create',
  method: 'POST',
  path: '/api/endpoints/groups',
  summary: 'Create an endpoint group',
  access: { permission: 'manage_api' },
  audit: 'endpoint_group.created',
  body: EndpointGroupBody,
  answers: { 201: ok(EndpointGroup) },
  problems: ['endpoint_groups.name_taken', 'endpoints.network_invalid'],
})

export const updateEndpointGroup = route({
  id: 'endpointGroups.update',
  method: 'PUT',
  path: '/api/endpoints/groups/{id}',
  summary: 'Change an endpoint group',
  access: { permission: 'manage_api' },
  audit: 'endpoint_group.updated',
  params: EndpointGroupParams,
  body: EndpointGroupChange,
  answers: { 200: ok(EndpointGroup) },
  problems: ['endpoint_groups.not_found', 'endpoint_groups.name_taken', 'endpoints.network_invalid'],
})

export const deleteEndpointGroup = route({
  id: 'endpointGroups.delete',
  method: 'DELETE',
  path: '/api/endpoints/groups/{id}',
  summary: 'Delete an endpoint group; its endpoints stay, without a group',
  access: { permission: 'manage_api' },
  audit: 'endpoint_group.deleted',
  params: EndpointGroupParams,
  answers: { 200: Done },
  problems: ['endpoint_groups.not_found'],
})

export const endpointGroupRoutes = [
  listEndpointGroups,
  createEndpointGroup,
  updateEndpointGroup,
  deleteEndpointGroup,
] as const
