import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Starts a server that says where an OpenID Connect provider would be, and nothing else: for what ends before anybody
 * signs in. It does not keep the process alive. Answers the issuer.
 */
export function startDiscovery(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => {
      const { port } = server.address() as AddressInfo
      const issuer = `http://127.0.0.1:${port}`
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
        }),
      )
    })
    server.unref()
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}
