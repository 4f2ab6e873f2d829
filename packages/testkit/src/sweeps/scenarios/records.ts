import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { exportRecords, importRecords, listImportRefusals } from '@holdfast/contracts/builder/records'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'

const upload = { body: '{"title":"one"}\n', headers: { 'content-type': 'application/x-ndjson' } }

/** The id of an endpoint that takes records of any shape. */
async function makeEndpoint(world: World): Promise<string> {
  const client = await world.adminClient()
  const name = world.fresh('records')
  const { data } = await client.call(createEndpoint, { body: { name, path: `/api/${name}`, method: 'POST' } })
  return data.id
}

async function makeImport(world: World) {
  const id = await makeEndpoint(world)
  const client = await world.adminClient()
  await client.call(importRecords, { params: { id }, body: upload.body })
  const { id: importId } = await world.server.database.kysely
    .selectFrom('record_imports')
    .select('id')
    .where('endpoint_id', '=', id)
    .executeTakeFirstOrThrow()
  return { params: { id, importId } }
}

export const recordScenarios = [
  scenario(importRecords, {
    success: async (world) => ({ params: { id: await makeEndpoint(world) }, ...upload }),
    problems: { 'endpoints.not_found': () => ({ params: { id: unknownId }, ...upload }) },
  }),
  scenario(exportRecords, {
    success: async (world) => ({
      params: { id: await makeEndpoint(world) },
      query: { format: 'csv' as const },
    }),
    problems: {
      'endpoints.not_found': () => ({ params: { id: unknownId }, query: {} }),
      'records.query_invalid': async (world) => ({
        params: { id: await makeEndpoint(world) },
        query: { 'filter[price][like]': '1' },
      }),
    },
  }),
  scenario(listImportRefusals, {
    success: makeImport,
    problems: {
      'records.import_not_found': async (world) => ({
        params: { id: await makeEndpoint(world), importId: unknownId },
      }),
    },
  }),
]
