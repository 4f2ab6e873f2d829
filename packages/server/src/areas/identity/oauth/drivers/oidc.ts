import * as oauth from 'openid-client'
import { type Provider, providerTimeoutSeconds } from './provider.ts'

/**
 * An OpenID Connect provider, found by discovery (OpenID Connect Discovery 1.0). The ID token is verified against its
 * keys, this client, the issuer and the nonce; `iss` in the answer is compared when the provider sends it (RFC 9207).
 */
export function createOidcProvider(options: {
  issuer: URL
  clientId: string
  clientSecret: string | undefined
  name: string
}): Provider {
  let discovered: Promise<oauth.Configuration> | undefined

  /** Asked for when first needed: the provider may be down while this server starts. */
  function configuration(): Promise<oauth.Configuration> {
    if (discovered === undefined) {
      const attempt = oauth.discovery(
        options.issuer,
        options.clientId,
        undefined,
        options.clientSecret === undefined ? oauth.None() : oauth.ClientSecretBasic(options.clientSecret),
        {
          timeout: providerTimeoutSeconds,
          execute: options.issuer.protocol === 'http:' ? [oauth.allowInsecureRequests] : [],
        },
      )
      discovered = attempt
      attempt.catch(() => {
        if (discovered === attempt) discovered = undefined
      })
    }
    return discovered
  }

  return {
    name: options.name,
    async authorizationUrl({ state, nonce, codeVerifier, redirectUri }) {
      return oauth.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
    },

    async identify({ state, nonce, codeVerifier }, callback) {
      const config = await configuration()
      const tokens = await oauth.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('The provider sent no ID token.')
      const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined
      // Many providers put the address into the user info alone; its subject is checked against the ID token's.
      const profile = hasUserInfo
        ? { ...claims, ...(await oauth.fetchUserInfo(config, tokens.access_token, claims.sub)) }
        : claims
      const email = typeof profile.email === 'string' ? profile.email.toLowerCase() : null
      return {
        issuer: claims.iss,
        subject: claims.sub,
        verifiedEmail: profile.email_verified === true ? email : null,
        name: typeof profile.name === 'string' ? profile.name : null,
        label: email ?? claims.sub,
      }
    },
  }
}
