import {
  createApiKey,
  createApiToken,
  createToken,
  deleteApiKey,
  deleteApiToken,
  deleteToken,
  getApiToken,
  listApiKeys,
  listApiTokens,
  listTokens,
  rotateApiKey,
  rotateApiToken,
  rotateToken,
} from '@holdfast/contracts/identity/tokens'
import { tokensMax } from '@holdfast/server/areas/identity/tokens/service'
import type { TestUser } from '../../people.ts'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'

/** What a request sends that comes with a token of this user, which may do all that they may. */
export async function tokenOf(person: TestUser): Promise<{ headers: Record<string, string> }> {
  const { token } = await person.client.call(createApiToken, { body: { name: 'Sweep' } })
  return { headers: { 'x-api-key': token } }
}

/** A token of a new Super Admin, with who made it. */
async function made(world: World) {
  const as = await world.admin()
  const { id } = await as.client.call(createApiToken, { body: { name: 'Sweep' } })
  return { as, id }
}

/** A token of an administrator that may do less than they. */
async function restricted(world: World, scopes: ('tokens:*' | 'view')[]) {
  const as = await world.admin()
  const { token } = await as.client.call(createApiToken, { body: { name: 'Narrow', scopes } })
  return { headers: { 'x-api-key': token }, owner: as }
}

/** Somebody who has as many tokens as one may have. */
async function withAllTokens(world: World): Promise<TestUser> {
  const as = await world.admin()
  const made = Array.from({ length: tokensMax }, (_, index) => ({
    id: `019b0000-0000-7000-8000-${as.user.id.slice(-8)}${index.toString(16).padStart(4, '0')}`,
    user_id: as.user.id,
    name: 'One of many',
    prefix: `hft_${as.user.id.slice(-8)}${index}`,
    hash: Buffer.alloc(32),
    scopes: ['view'],
    created_at: new Date().toISOString(),
    issued_at: new Date().toISOString(),
  }))
  await world.server.database.kysely.insertInto('api_tokens').values(made).execute()
  return as
}

const someone = (world: World) => world.as('user')

export const tokenScenarios = [
  scenario(listApiKeys, { success: () => ({}) }),
  scenario(createApiKey, {
    success: () => ({ body: { name: 'Shop', permissions: ['view' as const] } }),
    problems: {
      'tokens.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_api']),
        body: { name: 'Mine', permissions: ['manage_users'] },
      }),
      'tokens.too_many': async (world) => ({ as: await withAllTokens(world), body: { name: 'One more' } }),
    },
  }),
  scenario(rotateApiKey, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id }, body: { overlapSeconds: 60 } }
    },
    problems: {
      'tokens.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'tokens.beyond_own_rights': async (world) => ({ params: { id: (await made(world)).id }, body: {} }),
    },
  }),
  scenario(deleteApiKey, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id } }
    },
    problems: { 'tokens.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(listTokens, { success: () => ({ query: { unused: 'true' as const } }) }),
  scenario(createToken, {
    success: () => ({ body: { name: 'Deploys', scopes: ['users:read' as const], expires_in: 3_600 } }),
    problems: {
      'tokens.beyond_own_rights': async (world) => {
        const as = await world.admin()
        const { token } = await as.client
          .call(createToken, {
            body: { name: 'Short', scopes: ['*'], expires_in: 60 },
          })
          .then(({ data }) => data)
        return {
          as: { headers: { authorization: `Bearer ${token}` } },
          body: { name: 'Longer', scopes: ['view'], expires_in: 3_600 },
        }
      },
      'tokens.too_many': async (world) => ({
        as: await withAllTokens(world),
        body: { name: 'One more', scopes: ['view'] },
      }),
    },
  }),
  scenario(rotateToken, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id }, body: {} }
    },
    problems: {
      'tokens.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'tokens.beyond_own_rights': async (world) => ({ params: { id: (await made(world)).id }, body: {} }),
    },
  }),
  scenario(deleteToken, {
    success: async (world) => ({ params: { id: (await made(world)).id } }),
    problems: { 'tokens.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(listApiTokens, { success: async (world) => ({ as: await someone(world), query: {} }) }),
  scenario(getApiToken, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id } }
    },
    foreign: async (world) => ({ as: await someone(world), params: { id: (await made(world)).id } }),
    problems: { 'tokens.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(createApiToken, {
    success: async (world) => ({ as: await someone(world), body: { name: 'CI', expires_in: 2_592_000 } }),
    problems: {
      'tokens.beyond_own_rights': async (world) => ({
        as: await restricted(world, ['view', 'tokens:*']),
        body: { name: 'Stronger' },
      }),
      'tokens.too_many': async (world) => ({ as: await withAllTokens(world), body: { name: 'One more' } }),
    },
  }),
  scenario(rotateApiToken, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id }, body: { overlap_seconds: 60 } }
    },
    foreign: async (world) => ({
      as: await someone(world),
      params: { id: (await made(world)).id },
      body: {},
    }),
    problems: {
      'tokens.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'tokens.beyond_own_rights': async (world) => {
        const { headers, owner } = await restricted(world, ['tokens:*'])
        const { id } = await owner.client.call(createApiToken, { body: { name: 'Strong' } })
        return { as: { headers }, params: { id }, body: {} }
      },
    },
  }),
  scenario(deleteApiToken, {
    success: async (world) => {
      const { as, id } = await made(world)
      return { as, params: { id } }
    },
    foreign: async (world) => ({ as: await someone(world), params: { id: (await made(world)).id } }),
    problems: { 'tokens.not_found': () => ({ params: { id: unknownId } }) },
  }),
]
