import { randomBytes } from 'node:crypto'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { login as loginRoute } from '@holdfast/contracts/identity/auth'
import type { User } from '@holdfast/contracts/identity/users'
import type { Permission } from '@holdfast/contracts/permissions'
import { systemGroupIds } from '@holdfast/server/areas/identity/groups/rules'
import { createPasswords } from '@holdfast/server/areas/identity/passwords/passwords'
import type { Server } from '@holdfast/server/compose'
import { systemContext } from '@holdfast/server/context'

export type SystemGroup = keyof typeof systemGroupIds

/** The password of every test user. */
export const testPassword = 'Correct-horse-9'

export interface TestSession {
  user: User
  accessToken: string
  refreshToken: string
  /** The seven-day bearer token of reference 002. */
  token: string
  /** The user's own organization. */
  tenantId: string
  /** `holdfast_session=...`, as a browser sends it. */
  cookie: string
  /** Sends the access token. */
  client: Client
  /** The same for plain `fetch`. */
  headers: { authorization: string }
}
export type TestUser = TestSession

// As cheap as argon2 allows, and made once: what costs time in production is not what these tests are about.
const cheapHash = createPasswords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).hash(testPassword)

/** Makes a user and a session through the services, so that no test waits for a password to be hashed. */
export async function createTestUser(
  identity: Server['identity'],
  url: string,
  who: SystemGroup | readonly Permission[],
): Promise<TestUser> {
  const passwordHash = await cheapHash
  const name = `${typeof who === 'string' ? who.toLowerCase() : 'person'}-${randomBytes(4).toString('hex')}`
  const finish = await identity.transaction(systemContext('tests'), async (tx) => {
    const groupId =
      typeof who === 'string'
        ? systemGroupIds[who]
        : await identity.groups.insert(tx, { name, description: '', permissions: [...who] })
    const row = {
      login: name,
      email: `${name}@example.com`,
      name,
      status: 'active' as const,
      passwordHash,
      groupIds: [groupId],
    }
    const { user } = await identity.users.insert(tx, row)
    return identity.signIn.open(tx, user.id)
  })
  const { user, organizationId, credentials } = await finish()
  const { accessToken, refreshToken, token, cookie } = credentials
  return sessionOf(url, {
    user,
    accessToken,
    refreshToken,
    token,
    tenantId: organizationId,
    cookie: `holdfast_session=${cookie}`,
  })
}

export async function signInOverHttp(url: string, login: string, password: string): Promise<TestSession> {
  let cookie = ''
  const client = createClient({
    baseUrl: url,
    async fetch(input, init) {
      const response = await fetch(input, init)
      cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
      return response
    },
  })
  const answer = await client.call(loginRoute, { body: { login, password } })
  if ('mfaRequired' in answer.data || !('token' in answer))
    throw new Error('This user needs a second factor.')
  return sessionOf(url, { ...answer.data, token: answer.token, tenantId: answer.tenantId, cookie })
}

function sessionOf(url: string, session: Omit<TestSession, 'client' | 'headers'>): TestSession {
  const headers = { authorization: `Bearer ${session.accessToken}` }
  return { ...session, headers, client: createClient({ baseUrl: url, headers: () => headers }) }
}
