import {
  finishGithub,
  finishOidc,
  linkIdentity,
  listIdentities,
  listProviders,
  startGithub,
  startOidc,
  unlinkIdentity,
} from '@holdfast/contracts/identity/oauth'
import { startDiscovery } from '../../discovery-server.ts'
import type { TestUser } from '../../people.ts'
import { scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { unknownId } from './ids.ts'
import { tokenOf } from './tokens.ts'

const withGithub = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }
/** Nobody listens there: for what fails before anybody has to. */
const withOidc = { HOLDFAST_OIDC_ISSUER: 'http://127.0.0.1:9', HOLDFAST_OIDC_CLIENT_ID: 'id' }

async function discoverable(): Promise<Record<string, string>> {
  return { HOLDFAST_OIDC_ISSUER: await startDiscovery(), HOLDFAST_OIDC_CLIENT_ID: 'id' }
}

const atStart = { as: nobody, query: { next: '/' } }
const atCallback = { as: nobody, query: { code: 'nonsense', state: 'nonsense' } }
const noDiscovery = {
  onlyByRace: 'Where GitHub is, is known: going there asks nobody. OpenID Connect shows it.',
}

/** Somebody with one linked account, and no password when it is all they have. */
async function linked(world: World, options = { password: true }): Promise<{ as: TestUser; id: string }> {
  const as = await world.as('user')
  const { database } = world.server
  const id = `019b0000-0000-7000-8000-${as.user.id.slice(-12)}`
  await database.kysely
    .insertInto('user_identities')
    .values({
      id,
      user_id: as.user.id,
      provider: 'github',
      issuer: 'https://github.com',
      subject: as.user.id,
      label: 'octocat',
      created_at: new Date().toISOString(),
    })
    .execute()
  if (!options.password) {
    await database.kysely
      .updateTable('users')
      .set({ password_hash: null })
      .where('id', '=', as.user.id)
      .execute()
  }
  return { as, id }
}

export const oauthScenarios = [
  scenario(startGithub, {
    success: { environment: withGithub, way: () => atStart },
    problems: { 'oauth.not_configured': () => atStart, 'oauth.provider_unreachable': noDiscovery },
  }),
  scenario(finishGithub, {
    success: { environment: withGithub, way: () => atCallback },
    problems: { 'oauth.not_configured': () => atCallback },
  }),
  scenario(startOidc, {
    success: { environment: discoverable, way: () => atStart },
    problems: {
      'oauth.not_configured': () => atStart,
      'oauth.provider_unreachable': { environment: withOidc, way: () => atStart },
    },
  }),
  scenario(finishOidc, {
    success: { environment: withOidc, way: () => atCallback },
    problems: { 'oauth.not_configured': () => atCallback },
  }),
  scenario(listProviders, { success: () => ({ as: nobody }) }),
  scenario(listIdentities, { success: async (world) => ({ as: (await linked(world)).as }) }),
  scenario(linkIdentity, {
    success: {
      environment: withGithub,
      way: async (world) => ({ as: await world.as('user'), body: { provider: 'github' as const } }),
    },
    problems: {
      'oauth.not_configured': async (world) => ({
        as: await world.as('user'),
        body: { provider: 'github' as const },
      }),
      'oauth.provider_unreachable': {
        environment: withOidc,
        way: async (world) => ({ as: await world.as('user'), body: { provider: 'oidc' as const } }),
      },
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        body: { provider: 'github' as const },
      }),
    },
  }),
  scenario(unlinkIdentity, {
    success: async (world) => {
      const { as, id } = await linked(world)
      return { as, params: { id } }
    },
    problems: {
      'oauth.identity_not_found': () => ({ params: { id: unknownId } }),
      'oauth.last_way_in': async (world) => {
        const { as, id } = await linked(world, { password: false })
        return { as, params: { id } }
      },
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        params: { id: unknownId },
      }),
    },
  }),
]
