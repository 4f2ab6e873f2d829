import * as oauth from 'openid-client'
import { z } from 'zod'
import type { VouchedPerson } from '../rules.ts'
import { type Provider, providerTimeoutSeconds } from './provider.ts'

/** What GitHub's API says of a user and of their addresses (docs.github.com/rest/users); the rest is not read. */
const GithubUser = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() })
const GithubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/** GitHub, or a GitHub Enterprise server at `baseUrl`. It speaks OAuth 2 (RFC 6749) with PKCE, and no OpenID Connect. */
export function createGithubProvider(options: {
  baseUrl: URL
  clientId: string
  clientSecret: string
}): Provider {
  const base = options.baseUrl.href.replace(/\/+$/, '')
  const api = options.baseUrl.hostname === 'github.com' ? 'https://api.github.com' : `${base}/api/v3`
  const configuration = new oauth.Configuration(
    {
      issuer: base,
      authorization_endpoint: `${base}/login/oauth/authorize`,
      token_endpoint: `${base}/login/oauth/access_token`,
    },
    options.clientId,
    undefined,
    oauth.ClientSecretPost(options.clientSecret),
  )
  configuration.timeout = providerTimeoutSeconds
  if (options.baseUrl.protocol === 'http:') oauth.allowInsecureRequests(configuration)

  async function read<S extends z.ZodType>(schema: S, path: string, token: string): Promise<z.output<S>> {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' }
    const response = await fetch(`${api}${path}`, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(providerTimeoutSeconds * 1000),
    })
    if (!response.ok) throw new Error(`GitHub answered ${response.status} for ${path}.`)
    return schema.parse(await response.json())
  }

  return {
    name: 'GitHub',
    async authorizationUrl({ state, codeVerifier, redirectUri }) {
      return oauth.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'read:user user:email',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
    },

    async identify({ state, codeVerifier }, callback): Promise<VouchedPerson> {
      const tokens = await oauth.authorizationCodeGrant(configuration, callback, {
        expectedState: state,
        pkceCodeVerifier: codeVerifier,
      })
      const user = await read(GithubUser, '/user', tokens.access_token)
      const emails = await read(GithubEmails, '/user/emails', tokens.access_token)
      const primary = emails.find((email) => email.primary && email.verified)
      return {
        issuer: base,
        subject: String(user.id),
        verifiedEmail: primary?.email.toLowerCase() ?? null,
        name: user.name ?? user.login,
        label: user.login,
      }
    },
  }
}
