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
 * and whether or not the route asks for a credential. A service that saw it could use it. True: there is one, and it goes on
 * to the control plane, which judges it.
 */
export function keepPlatformCredentials(call: Call): boolean {
  const { head, snapshot } = call
  const credential = head.authorization === null ? undefined : authorization.exec(head.authorization)?.[1]
  const isInKey = head.apiKey !== null && isOfPlatform(head.apiKey, snapshot.tokens)
  const isInAuthorization = credential !== undefined && isOfPlatform(credential, snapshot.tokens)
  if (!isInKey && !isInAuthorization) return false
  if (leadsToPlatform(call)) return true
  if (isInKey) call.keepsApiKey = true
  if (isInAuthorization) call.keepsAuthorization = true
  return false
}

function leadsToPlatform({ route, snapshot }: Call): boolean {
  return route !== null && snapshot.services.get(route.config.serviceId)?.config.isPlatform === true
}

function isOfPlatform(credential: string, tokens: PlatformTokens): boolean {
  return tokenShape.test(credential) ? tokens.isOfPlatform(credential) : secretShape.test(credential)
}
