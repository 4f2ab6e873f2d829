import type { Actor } from './context.ts'

/** A credential as it came; what it is worth the authenticator decides. */
export type Credential = { kind: 'bearer' | 'cookie' | 'api_key'; token: string }

/** Answers who this is, or `null` when the credential is worth nothing (any more). */
export type Authenticate = (credential: Credential, facts: { ip: string }) => Promise<Actor | null>

/** The part of a member in an organization. */
export type OrganizationRole = 'owner' | 'admin' | 'member'

export interface Csrf {
  /** A token bound to the session, or to nobody when there is none. */
  issue(sessionId: string | null): string
  matches(sessionId: string | null, token: string): boolean
}
