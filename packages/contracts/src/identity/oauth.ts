import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

/**
 * Signing in through GitHub or an OpenID Connect provider: authorization code with PKCE (RFC 6749, RFC 7636). The browser
 * is sent there and comes back to the callback; a refusal ends at /sign-in with the problem's code.
 */

export const identityProviders = ['github', 'oidc'] as const
export const IdentityProvider = z.enum(identityProviders)
export type IdentityProvider = z.output<typeof IdentityProvider>

const StartQuery = z.object({
  /** The page of the console to go on with: a path of this server. */
  next: z.string().max(2_000).optional(),
})
/** What the provider sends back. Nothing of it is believed before `state` is found to be ours. */
const CallbackQuery = z.object({
  code: z.string().max(2_000).optional(),
  state: z.string().max(500).optional(),
  error: z.string().max(500).optional(),
  error_description: z.string().max(2_000).optional(),
  iss: z.string().max(500).optional(),
})

const startProblems = ['oauth.not_configured', 'oauth.provider_unreachable'] as const

export const startGithub = route({
  id: 'oauth.github',
  method: 'GET',
  path: '/v1/auth/github',
  summary: 'Go to GitHub to sign in',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  query: StartQuery,
  answers: { 302: null },
  problems: startProblems,
})

export const finishGithub = route({
  id: 'oauth.githubCallback',
  method: 'GET',
  path: '/v1/auth/github/callback',
  summary: 'Come back from GitHub',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  query: CallbackQuery,
  answers: { 302: null },
  problems: ['oauth.not_configured'],
})

export const startOidc = route({
  id: 'oauth.oidc',
  method: 'GET',
  path: '/api/auth/oidc',
  summary: 'Go to the OpenID Connect provider to sign in',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  query: StartQuery,
  answers: { 302: null },
  problems: startProblems,
})

export const finishOidc = route({
  id: 'oauth.oidcCallback',
  method: 'GET',
  path: '/api/auth/oidc/callback',
  summary: 'Come back from the OpenID Connect provider',
  access: { public: 'nobody is signed in before signing in' },
  limit: 'signIn',
  query: CallbackQuery,
  answers: { 302: null },
  problems: ['oauth.not_configured'],
})

export const listProviders = route({
  id: 'oauth.providers',
  method: 'GET',
  path: '/api/auth/providers',
  summary: 'Where one can sign in besides a password',
  access: { public: 'the sign-in page shows them' },
  answers: {
    200: ok(z.array(z.object({ provider: IdentityProvider, name: z.string(), path: z.string() }))),
  },
})

export const LinkedIdentity = z
  .object({
    id: Id,
    provider: IdentityProvider,
    /** The address or name under which the provider knows this person. */
    label: z.string(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'LinkedIdentity' })
export type LinkedIdentity = z.output<typeof LinkedIdentity>

export const listIdentities = route({
  id: 'oauth.identities',
  method: 'GET',
  path: '/api/profile/identities',
  summary: 'List the accounts elsewhere that you can sign in with',
  access: { signedIn: true },
  answers: { 200: ok(z.array(LinkedIdentity)) },
})

export const linkIdentity = route({
  id: 'oauth.link',
  method: 'POST',
  path: '/api/profile/identities',
  summary: 'Begin to link an account elsewhere; go to the location',
  access: { signedIn: true },
  audit: { none: 'nothing is linked before the browser comes back; that is audited' },
  body: z.object({ provider: IdentityProvider }),
  answers: { 200: ok(z.object({ location: z.url() })) },
  problems: [...startProblems, 'auth.session_required'],
})

export const unlinkIdentity = route({
  id: 'oauth.unlink',
  method: 'DELETE',
  path: '/api/profile/identities/{id}',
  summary: 'Unlink an account elsewhere',
  access: { signedIn: true },
  audit: 'identity.unlinked',
  params: z.object({ id: Id }),
  answers: { 200: Done },
  problems: ['oauth.identity_not_found', 'oauth.last_way_in', 'auth.session_required'],
})

export const oauthRoutes = [
  startGithub,
  finishGithub,
  startOidc,
  finishOidc,
  listProviders,
  listIdentities,
  linkIdentity,
  unlinkIdentity,
] as const
