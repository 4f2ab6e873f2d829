import type { VouchedPerson } from '../rules.ts'

/** What one round trip to a provider must remember, bound to the browser that began it. */
export interface Flow {
  state: string
  nonce: string
  codeVerifier: string
  redirectUri: string
}

/** A place to sign in. Throws whatever its library throws: the service turns it into a refusal. */
export interface Provider {
  name: string
  /** Where the browser goes. */
  authorizationUrl(flow: Flow): Promise<URL>
  /** Who came back; `callback` is the address the browser came to, with its query. */
  identify(flow: Flow, callback: URL): Promise<VouchedPerson>
}

/** How long a provider may take for one answer. */
export const providerTimeoutSeconds = 10
