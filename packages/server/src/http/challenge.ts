import type { RequestFacts } from './handle.ts'

/**
 * The headers with the challenge of a 401 (RFC 9110 §11.6.1); none for another status. For the MCP server it names the
 * document that says how to present a credential (RFC 9728 §5.1).
 */
export function challengeFor(
  status: number,
  { scheme, host }: Pick<RequestFacts, 'scheme' | 'host'>,
  url: string,
): Record<string, string> {
  if (status !== 401) return {}
  const path = url.split('?', 1)[0] ?? ''
  // A header that is no host cannot be quoted into another one.
  const isQuotable = /^[\w.:[\]-]{1,255}$/.test(host)
  if (path !== '/api/mcp' || !isQuotable) return { 'www-authenticate': 'Bearer' }
  const metadata = `${scheme}://${host}/.well-known/oauth-protected-resource/api/mcp`
  return { 'www-authenticate': `Bearer resource_metadata="${metadata}"` }
}
