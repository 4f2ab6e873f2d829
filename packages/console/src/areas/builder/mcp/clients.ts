import { tokenPlaceholder } from '../../../lib/snippets.ts'

/** How common clients of the Model Context Protocol are told about a server; `url` is where ours answers. */
export interface McpClient {
  value: string
  label: string
  /** Where the text goes. */
  place: string
  text: (url: string) => string
}

const headers = { 'X-API-Key': tokenPlaceholder }
const json = (value: unknown) => JSON.stringify(value, null, 2)

export const mcpClients: readonly McpClient[] = [
  {
    value: 'claude-code',
    label: 'Claude Code',
    place: 'In a terminal',
    text: (url) =>
      `claude mcp add --transport http holdfast ${url} \\\n  --header "X-API-Key: ${tokenPlaceholder}"`,
  },
  {
    value: 'claude-desktop',
    label: 'Claude Desktop',
    place: 'claude_desktop_config.json',
    text: (url) =>
      json({
        mcpServers: {
          holdfast: {
            command: 'npx',
            args: ['-y', 'mcp-remote', url, '--header', `X-API-Key:${tokenPlaceholder}`],
          },
        },
      }),
  },
  {
    value: 'cursor',
    label: 'Cursor',
    place: '.cursor/mcp.json',
    text: (url) => json({ mcpServers: { holdfast: { url, headers } } }),
  },
  {
    value: 'vs-code',
    label: 'VS Code',
    place: '.vscode/mcp.json',
    text: (url) => json({ servers: { holdfast: { type: 'http', url, headers } } }),
  },
  {
    value: 'inspector',
    label: 'Inspector',
    place: 'In a terminal',
    text: (url) =>
      `npx @modelcontextprotocol/inspector --cli ${url} --transport http \\\n  --header "X-API-Key: ${tokenPlaceholder}" --method tools/list`,
  },
  {
    value: 'curl',
    label: 'curl',
    place: 'In a terminal',
    text: (url) =>
      `curl ${url} \\\n  -H 'X-API-Key: ${tokenPlaceholder}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}'`,
  },
]
