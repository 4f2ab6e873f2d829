import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { callMcp, getMcpMetadata, getMcpPathMetadata, listMcpTools } from '@holdfast/contracts/builder/mcp'
import { exportProject, importProject } from '@holdfast/contracts/builder/project'
import { scenario } from '../scenario.ts'
import { nobody } from '../world.ts'

const ping = { jsonrpc: '2.0' as const, id: 1, method: 'ping' }

const nightly = { schedule: '0 3 * * *', actionType: 'javascript', javascriptCode: 'return 1' }

const bundle = (sections: object) => JSON.stringify({ version: '1.2', ...sections })

/** What other programs and other installations speak with the builder: MCP, and projects in a file. */
export const integrationScenarios = [
  scenario(callMcp, {
    success: () => ({ body: ping }),
    problems: {
      'mcp.origin_refused': () => ({ body: ping, headers: { origin: 'https://elsewhere.example' } }),
      'mcp.version_unsupported': () => ({ body: ping, headers: { 'mcp-protocol-version': '1.0' } }),
    },
  }),
  scenario(listMcpTools, { success: () => ({ query: {} }) }),
  scenario(getMcpMetadata, { success: () => ({ as: nobody }) }),
  scenario(getMcpPathMetadata, { success: () => ({ as: nobody }) }),
  scenario(exportProject, { success: () => ({ query: { includeData: 'true' as const } }) }),
  scenario(importProject, {
    success: (world) => ({
      query: {},
      body: bundle({ cronJobs: [{ ...nightly, name: world.fresh('Nightly') }] }),
      headers: { 'content-type': 'application/json' },
    }),
    alsoAudited: ['cron.created'],
    problems: {
      'project.bundle_invalid': () => ({
        query: {},
        body: bundle({ endpoints: [{ method: 'GET', path: '/api/users', name: 'Reserved' }] }),
        headers: { 'content-type': 'application/json' },
      }),
      'project.loses_data': async (world) => {
        const client = await world.adminClient()
        const endpoint = {
          name: world.fresh('Lossy'),
          path: `/api/${world
            .fresh('lossy')
            .toLowerCase()
            .replace(/[^a-z0-9]/g, '-')}`,
          method: 'POST' as const,
        }
        await client.call(createEndpoint, {
          body: { ...endpoint, accessType: 'public', fields: [{ name: 'color', type: 'string' }] },
        })
        await fetch(world.server.url + endpoint.path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"color":"red"}',
        })
        return {
          query: {},
          body: bundle({ endpoints: [{ ...endpoint, fields: [{ name: 'size', type: 'number' }] }] }),
          headers: { 'content-type': 'application/json' },
        }
      },
    },
  }),
]
