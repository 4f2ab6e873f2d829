import { callMcp, getMcpMetadata, getMcpPathMetadata, listMcpTools } from '@holdfast/contracts/builder/mcp'
import { scenario } from '../scenario.ts'
import { nobody } from '../world.ts'

const ping = { jsonrpc: '2.0' as const, id: 1, method: 'ping' }

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
]
