import { fillPath } from '@holdfast/contracts/kit/client'
import type { Client } from '@holdfast/contracts/kit/client'
import { isUpload } from '@holdfast/contracts/kit/media'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import { sql } from 'kysely'
import { startTestServer, type TestServer } from '../harness.ts'
import type { TestUser } from '../people.ts'
import { startTestReplicas } from '../replicas.ts'
import type { Call, OwnServer, Way } from './scenario.ts'
import { type Answer, send, type Sent } from './send.ts'

export interface Traces {
  audit: number
  events: number
}

/** A running server, or several that stand for one, and what scenarios do with it. */
export interface World {
  server: TestServer
  /** How many servers take turns behind its address. */
  replicas: number
  /** A new user with a session. */
  as: TestServer['as']
  /** A new Super Admin whose password somebody else has set. */
  withGivenPassword(): Promise<TestUser>
  /** A new Super Admin. */
  admin(): Promise<TestUser>
  /** A typed client of a Super Admin who sends no request of a scenario, to prepare things with. */
  adminClient(): Promise<Client>
  /** A text that nothing else in this run has. */
  fresh(prefix: string): string
  /** Sends a route's request as a client would. */
  send(route: RouteShape, call: Call, override?: Partial<Sent>): Promise<Answer>
  /** How much was written down so far. */
  traces(): Promise<Traces>
  stop(): Promise<void>
}

export interface WorldOptions {
  environment?: Record<string, string>
  /** Default 1. */
  replicas?: number
}

/** Starts servers that believe the address they are told, so that one caller's limits never meet another's. */
export async function createWorld({ environment = {}, replicas = 1 }: WorldOptions = {}): Promise<World> {
  const given = { HOLDFAST_TRUSTED_PROXIES: '1', ...environment }
  const server = replicas === 1 ? await startTestServer(given) : await startTestReplicas(replicas, given)
  let callers = 0
  let names = 0
  let preparing: Promise<TestUser> | undefined
  const world: World = {
    server,
    replicas,
    as: (who) => server.as(who),
    async withGivenPassword() {
      const person = await server.as('superAdmin')
      await server.database.kysely
        .updateTable('users')
        .set({ must_change_password: true })
        .where('id', '=', person.user.id)
        .execute()
      return person
    },
    admin: () => server.as('superAdmin'),
    adminClient: async () => (await (preparing ??= server.as('superAdmin'))).client,
    fresh: (prefix) => `${prefix}-${process.pid.toString(36)}-${++names}`,
    async send(route, call, override = {}) {
      callers += 1
      const address = `10.${(callers >> 16) & 255}.${(callers >> 8) & 255}.${callers & 255}`
      const credential = call.as ?? (await world.admin())
      return send({
        method: route.method,
        url: addressOf(server.url, route, call),
        ...bodyOf(route, call),
        ...override,
        headers: {
          // Said where a proxy would stand; a request from this very machine carries none.
          ...(given.HOLDFAST_TRUSTED_PROXIES !== '0' && { 'x-forwarded-for': address }),
          ...bodyOf(route, call).headers,
          ...credential.headers,
          ...call.headers,
          ...override.headers,
        },
      })
    },
    async traces() {
      // Slow work ends when it ends, beside whatever is asked meanwhile.
      const { rows } = await sql<Traces>`
        select
          (select count(*) from audit_entries) as audit,
          (select count(*) from events where type <> 'operation.finished') as events
      `.execute(server.database.kysely)
      return rows[0] ?? { audit: 0, events: 0 }
    },
    stop: () => server.stop(),
  }
  // A sweep asks more often in a minute than a person would.
  const { client } = await server.as(['manage_api'])
  await client.call(updateSettings, { body: { rateLimitSignInMax: 10_000, rateLimitAddressMax: 100_000 } })
  return world
}

/** Runs `work` with the request of a way: in `world`, or in one like it of its own. */
export async function inWorldOf<T>(
  world: World,
  way: Way | OwnServer,
  work: (world: World, call: Call) => Promise<T>,
): Promise<T> {
  if (typeof way === 'function') return work(world, await callOf(way, world))
  const environment = typeof way.environment === 'function' ? await way.environment() : way.environment
  const own = await createWorld({ environment, replicas: world.replicas })
  try {
    return await work(own, await callOf(way.way, own))
  } finally {
    await own.stop()
  }
}

/** The request, with its sender made: what is counted from now on comes from the request alone. */
async function callOf(way: Way, world: World): Promise<Call> {
  const call = await way(world)
  return { ...call, as: call.as ?? (await world.admin()) }
}

/** Nobody: a request without a credential. */
export const nobody = { headers: {} }

function addressOf(base: string, route: RouteShape, { params = {}, query = {} }: Call): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null)
      search.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return `${base}${fillPath(route.path, params)}${search.size === 0 ? '' : `?${search.toString()}`}`
}

function bodyOf(
  route: RouteShape,
  { body }: Call,
): { body?: string | Buffer; headers: Record<string, string> } {
  if (body === undefined) return { headers: {} }
  if (isUpload(route.body)) {
    return {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': route.body.upload[0] },
    }
  }
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
