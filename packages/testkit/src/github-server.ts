import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Who is signed in there, and what their addresses are. */
export interface GithubPerson {
  id: number
  login: string
  name: string
  emails: { email: string; primary: boolean; verified: boolean }[]
}

export interface GithubServer {
  url: string
  /** Who says yes when the next browser comes. */
  person: GithubPerson
  stop(): Promise<void>
}

interface Grant {
  person: GithubPerson
  challenge: string
  redirectUri: string
}

export const githubClient = { id: 'holdfast-test', secret: 'not-a-secret' }

/**
 * A local server that signs in as GitHub does: authorization codes with PKCE (RFC 7636), each good once, and the two
 * addresses of its API that are read. It asks nobody: whoever comes is `person`.
 */
export async function startGithub(person: GithubPerson): Promise<GithubServer> {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, GithubPerson>()
  const github = { url: '', person, stop: async () => undefined as void }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? ''
    const code = randomUUID()
    grants.set(code, { person: github.person, challenge: query.get('code_challenge') ?? '', redirectUri })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: back.href }).end()
  }

  function exchange(body: URLSearchParams): object {
    const grant = grants.get(body.get('code') ?? '')
    grants.delete(body.get('code') ?? '')
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    const isClient =
      body.get('client_id') === githubClient.id && body.get('client_secret') === githubClient.secret
    if (!grant || !isClient || proof !== grant.challenge || body.get('redirect_uri') !== grant.redirectUri)
      return { error: 'bad_verification_code', error_description: 'The code is incorrect or expired.' }
    const token = `gho_${randomUUID()}`
    tokens.set(token, grant.person)
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://github.invalid')
    const json = (value: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (url.pathname === '/login/oauth/authorize') return authorize(url.searchParams, response)
    if (url.pathname === '/login/oauth/access_token')
      return void json(exchange(new URLSearchParams(await textOf(request))))
    const signedIn = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!signedIn) return void json({ message: 'Bad credentials' }, 401)
    const { emails, ...user } = signedIn
    json(url.pathname === '/api/v3/user/emails' ? emails : user)
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  github.stop = () => new Promise((resolve) => server.close(() => resolve()))
  return github
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
