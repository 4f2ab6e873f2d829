import type { RequestFacts } from '../../../http/handle.ts'

/**
 * Against DNS rebinding (MCP, Streamable HTTP, Security): whether a page of this origin may speak to the server. Clients
 * that are no browser send no origin. A page is admitted from the installation's own public address, from this machine,
 * and from the address that the request itself names, unless that is a name that anybody could have pointed here.
 */
export function isOriginAdmitted({ headers, host }: RequestFacts, publicUrl: string | null): boolean {
  const { origin } = headers
  if (origin === undefined) return true
  const own = URL.canParse(origin) ? new URL(origin) : null
  if (own === null) return false
  if (publicUrl !== null && own.origin === new URL(publicUrl).origin) return true
  if (isLoopback(own.hostname)) return true
  return own.host === host && isAddress(own.hostname)
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]'
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(name)
}
