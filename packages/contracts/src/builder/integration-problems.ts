import { defineProblems } from '../kit/problem.ts'

/** What MCP and the export and import of a project can answer. */
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
  'project.bundle_invalid': {
    status: 400,
    sentence: 'The bundle cannot be imported. Each mistake is listed with its place.',
  },
  'project.loses_data': {
    status: 409,
    sentence:
      'This import takes values away from records, or deletes records. Look at the differences, then send it again with confirm=true.',
  },
})
