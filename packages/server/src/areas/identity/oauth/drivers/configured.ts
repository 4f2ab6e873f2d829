import type { IdentityProvider } from '@holdfast/contracts/identity/oauth'
import type { Config } from '../../../../config.ts'
import { createGithubProvider } from './github.ts'
import { createOidcProvider } from './oidc.ts'
import type { Provider } from './provider.ts'

/** The providers that the configuration names. */
export function createProviders(config: Config): Partial<Record<IdentityProvider, Provider>> {
  const {
    GITHUB_CLIENT_ID: githubId,
    GITHUB_CLIENT_SECRET: githubSecret,
    HOLDFAST_OIDC_ISSUER: issuer,
    HOLDFAST_OIDC_CLIENT_ID: clientId,
  } = config
  return {
    ...(githubId !== undefined &&
      githubSecret !== undefined && {
        github: createGithubProvider({
          baseUrl: config.HOLDFAST_GITHUB_URL ?? new URL('https://github.com'),
          clientId: githubId,
          clientSecret: githubSecret,
        }),
      }),
    ...(issuer !== undefined &&
      clientId !== undefined && {
        oidc: createOidcProvider({
          issuer,
          clientId,
          clientSecret: config.HOLDFAST_OIDC_CLIENT_SECRET,
          name: config.HOLDFAST_OIDC_NAME,
        }),
      }),
  }
}
