import type { RequestFacts } from './handle.ts'

/**
 * The challenge of a 401 (RFC 9110 §11.6.1). For the MCP server it names the document that says how to present a
 * credential (RFC 9728 §5.1).
 */
export function challengeFor({ scheme, host }: Pick<RequestFacts, 'scheme' | 'host'>, url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  if (path !== '/api/mcp') return 'Bearer'
  // A header that is no host cannot be quoted into another one.
  if (!/^[\w.:[\]-]{1,255}$/.test(host)) return 'Bearer'
  return `Bearer resource_metadata="${scheme}://${host}/.well-known/oauth-protected-resource/api/mcp"`
}
