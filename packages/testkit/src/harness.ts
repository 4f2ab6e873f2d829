import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import type { Permission } from '@holdfast/contracts/permissions'
import { createTestClock, type TestClock } from '@holdfast/kernel/clock'
import { createIds, type Ids } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { composeServer, type Server } from '@holdfast/server/compose'
import { readConfig } from '@holdfast/server/config'
import type { Actor, Context } from '@holdfast/server/context'
import { onTestFinished } from 'vitest'
import { createTestDatabase, type TestDatabase } from './database.ts'
import {
  createTestUser,
  signInOverHttp,
  type SystemGroup,
  testPassword,
  type TestSession,
  type TestUser,
} from './people.ts'

/** A running server on its own database and its own clock. */
export interface TestServer {
  url: string
  /** What it keeps outside the database; gone with it. */
  dataDirectory: string
  clock: TestClock
  database: TestDatabase['database']
  /** A client without credentials. */
  anonymous: Client
  /** The identity area's services, for what has no route. */
  identity: Server['identity']
  /** The gateway area's, for what happens without a request. */
  gateway: Server['gateway']
  platform: Server['platform']
  builder: Server['builder']
  /** A new user with a real session: in a system group, or in a group of its own with exactly these permissions. */
  as(who: SystemGroup | readonly Permission[]): Promise<TestUser>
  /** Signs in over HTTP, as a person does. */
  signIn(login: string, password?: string): Promise<TestSession>
  /** A second server on the same database, with the same clock. */
  replica(environment?: Record<string, string>): Promise<TestReplica>
  /** Resolves when it has heard of everything that is committed by now: its caches hold nothing older. */
  caughtUp(): Promise<void>
  stop(): Promise<void>
}

export type TestReplica = Pick<TestServer, 'url' | 'caughtUp' | 'stop'>

/** What test servers seal with. */
export const testMasterKey = { id: 'testtest', key: Buffer.alloc(32, 7) }

/** Starts a whole server. The caller stops it (in `afterAll`, say). */
export async function startTestServer(ofTest: Record<string, string> = {}): Promise<TestServer> {
  const { database, openAnother, drop: dropDatabase } = await createTestDatabase()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'test-data-'))
  const environment = { HOLDFAST_DATA: dataDirectory, ...ofTest }
  const drop = async () => {
    await dropDatabase()
    await rm(dataDirectory, { recursive: true, force: true })
  }
  const clock = createTestClock(new Date())
  const { server, url } = await startOn(database, clock, environment).catch(async (error: unknown) => {
    await drop()
    throw error
  })
  return {
    url,
    dataDirectory,
    clock,
    database,
    anonymous: createClient({ baseUrl: url }),
    identity: server.identity,
    gateway: server.gateway,
    platform: server.platform,
    builder: server.builder,
    as: (who) => createTestUser(server.identity, url, who),
    signIn: (login, password = testPassword) => signInOverHttp(url, login, password),
    async replica(own = {}) {
      const theirs = openAnother()
      const { server: other, url: otherUrl } = await startOn(theirs, clock, { ...environment, ...own })
      return {
        url: otherUrl,
        caughtUp: theirs.caughtUp,
        async stop() {
          await other.lifecycle.stop()
          await theirs.close()
        },
      }
    },
    caughtUp: database.caughtUp,
    async stop() {
      await server.lifecycle.stop()
      await drop()
    },
  }
}

async function startOn(
  database: TestDatabase['database'],
  clock: TestClock,
  environment: Record<string, string>,
) {
  const server = composeServer({
    config: readConfig({ PORT: '0', ...environment }),
    logger: silentLogger,
    clock,
    database,
    masterKeys: [testMasterKey],
  })
  await server.lifecycle.start()
  return { server, url: `http://127.0.0.1:${server.address().port}` }
}

export interface ServiceHarness extends TestDatabase {
  clock: TestClock
  ids: Ids
  /** A context of a user with these permissions, as the guard would make it. */
  as(...permissions: Permission[]): Context
}

/** What a service test needs without HTTP: a database, a clock, ids and contexts. Cleans up when the test is finished. */
export async function createServiceHarness(): Promise<ServiceHarness> {
  const { database, openAnother, drop } = await createTestDatabase()
  onTestFinished(drop)
  const clock = createTestClock()
  const ids = createIds(clock)
  return {
    database,
    openAnother,
    drop,
    clock,
    ids,
    as: (...permissions) =>
      testContext({
        kind: 'user',
        userId: ids.uuid(),
        login: 'tester',
        sessionId: ids.uuid(),
        via: 'bearer',
        groupIds: [],
        permissions: new Set(permissions),
        isAdmin: false,
      }),
  }
}

/** A context for `actor`, with an action for the audit log. */
export function testContext(actor: Actor): Context {
  return {
    actor,
    organizationId: null,
    requestId: randomBytes(8).toString('hex'),
    signal: new AbortController().signal,
    ip: '127.0.0.1',
    userAgent: 'vitest',
    audit: { action: 'test.ran', appended: 0 },
  }
}
