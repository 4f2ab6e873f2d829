import type { Call } from '../proxy/call.ts'
import type { PlatformTokens } from './platform-tokens.ts'

/** What a JSON Web Token looks like (RFC 7519): saves asking a signature of everything else. */
export const tokenShape = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/
/** Secrets of the control plane: keys of programs and gateways, refresh tokens, invitations and the like. */
const secretShape = /^(?:dap|hf[a-z])_[\w-]{43}$/
/** The control plane reads a credential under both schemes. */
const authorization = /^(?:bearer|apikey) +(\S+) *$/i

/**
 * Marks what could act on the platform as somebody, so that it stays here: wherever it was put, whether it is still good,
 * and whether or not the route asks for a credential. A service that saw it could use it.
 */
export function keepPlatformCredentials(call: Call): void {
  const { head, snapshot } = call
  if (head.apiKey !== null && isOfPlatform(head.apiKey, snapshot.tokens)) call.keepsApiKey = true
  if (head.authorization === null) return
  const credential = authorization.exec(head.authorization)?.[1]
  if (credential !== undefined && isOfPlatform(credential, snapshot.tokens)) call.keepsAuthorization = true
}

function isOfPlatform(credential: string, tokens: PlatformTokens): boolean {
  return tokenShape.test(credential) ? tokens.isOfPlatform(credential) : secretShape.test(credential)
}
