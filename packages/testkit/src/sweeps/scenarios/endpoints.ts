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
import {
  createEndpointGroup,
  deleteEndpointGroup,
  listEndpointGroups,
  updateEndpointGroup,
} from '@holdfast/contracts/builder/endpoint-groups'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'

const noRules = { enabled: true, allowedDomains: ['http://'], allowedIpRanges: [] }

const body = (world: World) => ({
  name: 'Sweep',
  path: `/api/${world.fresh('sweep').toLowerCase()}`,
  method: 'POST' as const,
  accessType: 'public' as const,
  schema: [{ name: 'title', type: 'string' as const }],
})

/** An endpoint that was just made. */
export async function makeEndpoint(world: World, more: object = {}) {
  const { data } = await (await world.adminClient()).call(createEndpoint, {
    body: { ...body(world), ...more },
  })
  return data
}

/** An endpoint whose only record holds a title. */
async function makeWithRecord(world: World) {
  const endpoint = await makeEndpoint(world)
  await fetch(world.server.url + endpoint.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Kept' }),
  })
  return endpoint
}

async function makeSystem(world: World) {
  const { data } = await (await world.adminClient()).call(listEndpoints, {
    query: { system: 'true', limit: 1 },
  })
  return { id: data[0]?.id ?? '' }
}

async function makeGroup(world: World) {
  const { data } = await (await world.adminClient()).call(createEndpointGroup, {
    body: { name: world.fresh('Folder') },
  })
  return data
}

/** What create and update refuse alike, as the part of the body that does it. */
const bad = {
  'endpoints.schema_invalid': { schema: [{ name: 'a', type: 'reference' as const }] },
  'endpoints.path_invalid': { path: '/api/a b' },
  'endpoints.path_reserved': { path: '/api/endpoints' },
  'endpoints.network_invalid': { networkAccess: noRules },
  'endpoints.group_unknown': { allowedGroupIds: [unknownId] },
  'endpoint_groups.not_found': { groupId: unknownId },
}

const badCreate = (part: object) => (world: World) => ({ body: { ...body(world), ...part } })
const badUpdate = (part: object) => async (world: World) => ({
  params: { id: (await makeEndpoint(world)).id },
  body: part,
})
const unknown = { 'endpoints.not_found': () => ({ params: { id: unknownId } }) }
const known = async (world: World) => ({ params: { id: (await makeEndpoint(world)).id } })

export const endpointScenarios = [
  scenario(listEndpoints, { success: () => ({ query: {} }) }),
  scenario(createEndpoint, {
    success: (world) => ({ body: body(world) }),
    problems: {
      'endpoints.schema_invalid': badCreate(bad['endpoints.schema_invalid']),
      'endpoints.path_invalid': badCreate(bad['endpoints.path_invalid']),
      'endpoints.path_reserved': badCreate(bad['endpoints.path_reserved']),
      'endpoints.network_invalid': badCreate(bad['endpoints.network_invalid']),
      'endpoints.group_unknown': badCreate(bad['endpoints.group_unknown']),
      'endpoint_groups.not_found': badCreate(bad['endpoint_groups.not_found']),
      'endpoints.schema_conflict': async (world) => {
        const { path } = await makeEndpoint(world)
        return { body: { ...body(world), path, method: 'PUT', schema: [{ name: 'title', type: 'number' }] } }
      },
      'endpoints.path_taken': async (world) => ({
        body: { ...body(world), path: (await makeEndpoint(world)).path },
      }),
    },
  }),
  scenario(getEndpoint, { success: known, problems: unknown }),
  scenario(updateEndpoint, {
    success: async (world) => ({ ...(await known(world)), body: { name: 'Changed' } }),
    problems: {
      'endpoints.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'endpoints.system_protected': async (world) => ({ params: await makeSystem(world), body: {} }),
      'endpoints.schema_loses_data': async (world) => ({
        params: { id: (await makeWithRecord(world)).id },
        body: { schema: [] },
      }),
      'endpoints.schema_invalid': badUpdate(bad['endpoints.schema_invalid']),
      'endpoints.path_invalid': badUpdate(bad['endpoints.path_invalid']),
      'endpoints.path_reserved': badUpdate(bad['endpoints.path_reserved']),
      'endpoints.network_invalid': badUpdate(bad['endpoints.network_invalid']),
      'endpoints.group_unknown': badUpdate(bad['endpoints.group_unknown']),
      'endpoint_groups.not_found': badUpdate(bad['endpoint_groups.not_found']),
      'endpoints.schema_conflict': async (world) => {
        const { path } = await makeEndpoint(world)
        const { id } = await makeEndpoint(world, { path, method: 'PUT' })
        return { params: { id }, body: { schema: [{ name: 'title', type: 'number' }] } }
      },
      'endpoints.path_taken': async (world) => ({
        ...(await known(world)),
        body: { path: (await makeEndpoint(world)).path },
      }),
    },
  }),
  scenario(deleteEndpoint, {
    success: async (world) => ({ ...(await known(world)), query: {} }),
    problems: {
      'endpoints.not_found': () => ({ params: { id: unknownId }, query: {} }),
      'endpoints.system_protected': async (world) => ({ params: await makeSystem(world), query: {} }),
      'endpoints.referenced': async (world) => {
        const { id } = await makeEndpoint(world)
        await makeEndpoint(world, { schema: [{ name: 'to', type: 'reference', refEndpointId: id }] })
        return { params: { id }, query: {} }
      },
    },
  }),
  scenario(getEndpointExamples, { success: known, problems: unknown }),
  scenario(getEndpointDocs, { success: known, problems: unknown }),
  scenario(testEndpoint, {
    success: async (world) => ({ ...(await known(world)), body: { body: { title: 'Tried' } } }),
    problems: { 'endpoints.not_found': () => ({ params: { id: unknownId }, body: {} }) },
  }),
  scenario(listEndpointVersions, {
    success: async (world) => ({ ...(await known(world)), query: {} }),
    problems: { 'endpoints.not_found': () => ({ params: { id: unknownId }, query: {} }) },
  }),
  scenario(restoreEndpointVersion, {
    success: async (world) => ({ params: { id: (await makeEndpoint(world)).id, version: '1' }, body: {} }),
    problems: {
      'endpoints.not_found': () => ({ params: { id: unknownId, version: '1' }, body: {} }),
      'endpoints.version_not_found': async (world) => ({
        params: { id: (await makeEndpoint(world)).id, version: '9' },
        body: {},
      }),
      'endpoints.system_protected': async (world) => ({
        params: { ...(await makeSystem(world)), version: '1' },
        body: {},
      }),
      'endpoints.schema_loses_data': async (world) => {
        const { id, path } = await makeEndpoint(world, { schema: [] })
        const client = await world.adminClient()
        await client.call(updateEndpoint, {
          params: { id },
          body: { schema: [{ name: 'title', type: 'string' }] },
        })
        await fetch(world.server.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ title: 'Kept' }),
        })
        return { params: { id, version: '1' }, body: {} }
      },
      'endpoints.schema_invalid': async (world) => {
        const client = await world.adminClient()
        const target = await makeEndpoint(world)
        const { id } = await makeEndpoint(world, {
          schema: [{ name: 'to', type: 'reference', refEndpointId: target.id }],
        })
        await client.call(updateEndpoint, { params: { id }, body: { schema: [] } })
        await client.call(deleteEndpoint, { params: { id: target.id }, query: {} })
        return { params: { id, version: '1' }, body: {} }
      },
      'endpoints.schema_conflict': async (world) => {
        const client = await world.adminClient()
        const { id, path } = await makeEndpoint(world)
        await client.call(updateEndpoint, { params: { id }, body: { schema: [], confirm: true } })
        await fetch(world.server.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ title: 'Free' }),
        })
        await makeEndpoint(world, { path, method: 'PUT', schema: [{ name: 'heading', type: 'string' }] })
        const put = await makeEndpoint(world, {
          path,
          method: 'PATCH',
          schema: [{ name: 'title', type: 'string' }],
        })
        await client.call(updateEndpoint, {
          params: { id: put.id },
          body: { schema: [{ id: put.schema[0]?.id, name: 'title', type: 'number' }], confirm: true },
        })
        return { params: { id, version: '1' }, body: {} }
      },
    },
  }),
  scenario(listEndpointGroups, { success: () => ({}) }),
  scenario(createEndpointGroup, {
    success: (world) => ({ body: { name: world.fresh('Folder') } }),
    problems: {
      'endpoint_groups.name_taken': async (world) => ({
        body: { name: (await makeGroup(world)).name.toUpperCase() },
      }),
      'endpoints.network_invalid': (world) => ({
        body: { name: world.fresh('Folder'), networkAccess: noRules },
      }),
    },
  }),
  scenario(updateEndpointGroup, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id }, body: { color: '#0891b2' } }),
    problems: {
      'endpoint_groups.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'endpoint_groups.name_taken': async (world) => ({
        params: { id: (await makeGroup(world)).id },
        body: { name: (await makeGroup(world)).name },
      }),
      'endpoints.network_invalid': async (world) => ({
        params: { id: (await makeGroup(world)).id },
        body: { networkAccess: noRules },
      }),
    },
  }),
  scenario(deleteEndpointGroup, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: { 'endpoint_groups.not_found': () => ({ params: { id: unknownId } }) },
  }),
]
