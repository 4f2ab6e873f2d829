import { defineProblems } from '../kit/problem.ts'

/** What MCP can answer. */
export const integrationProblems = defineProblems({
  'mcp.origin_refused': {
    status: 403,
    sentence:
      'Pages of this origin may not speak to the MCP server. Open it under the public address of this installation.',
  },
  'mcp.version_unsupported': {
    status: 400,
    sentence: 'The header MCP-Protocol-Version names a version that this server does not speak.',
  },
})
