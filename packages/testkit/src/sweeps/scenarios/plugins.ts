import { createApiToken } from '@holdfast/contracts/identity/tokens'
import {
  checkPlugin,
  deletePlugin,
  disablePlugin,
  enablePlugin,
  getPlugin,
  getPluginConfig,
  listPlugins,
  registerPlugin,
  rotatePluginToken,
  sendHeartbeat,
  updatePlugin,
  updatePluginConfig,
} from '@holdfast/contracts/platform/plugins'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'

/** Public by its number: saving it asks no name server. */
const url = 'https://1.1.1.1/plugin'
const version = '1.0.0'

/** A plugin with what its requests carry. */
export async function makePlugin(world: World) {
  const { data } = await (await world.adminClient()).call(registerPlugin, {
    body: { name: world.fresh('Plugin'), version, url, events: ['user.created'] },
  })
  return { id: data.plugin_id, as: { headers: { authorization: `Bearer ${data.token}` } } }
}

const paramsOf = async (world: World) => ({ params: { id: (await makePlugin(world)).id } })

/** A token that may change plugins, and nothing that it could hand on to them. */
async function narrow(world: World) {
  const { client } = await world.admin()
  const { token } = await client.call(createApiToken, { body: { name: 'Narrow', scopes: ['plugins:*'] } })
  return { headers: { 'x-api-key': token } }
}

async function beyond(world: World) {
  const { data } = await (await world.adminClient()).call(registerPlugin, {
    body: { name: world.fresh('Plugin'), version, scopes: ['users:read'] },
  })
  return { params: { id: data.plugin_id }, as: await narrow(world) }
}

const unknown = () => ({ params: { id: 'nobody-has-this' } })

export const pluginScenarios = [
  scenario(listPlugins, { success: () => ({}) }),
  scenario(registerPlugin, {
    success: (world) => ({ body: { name: world.fresh('Plugin'), version } }),
    problems: {
      'plugins.id_taken': async (world) => ({
        body: { id: (await makePlugin(world)).id, name: 'Again', version },
      }),
      'plugins.too_many': {
        environment: {},
        way: async (world) => {
          const { id } = await makePlugin(world)
          await world.server.database.pool.query(
            `insert into plugins (id, name, version, manifest, state, secret_sealed, config_sealed, created_at, updated_at)
             select 'plugin-' || n, name, version, manifest, state, secret_sealed, config_sealed, created_at, updated_at
             from plugins, generate_series(1, 199) n where plugins.id = $1`,
            [id],
          )
          return { body: { name: 'One more', version } }
        },
      },
      'plugins.address_refused': (world) => ({
        body: { name: world.fresh('Plugin'), version, url: 'http://127.0.0.1/' },
      }),
      'tokens.beyond_own_rights': async (world) => ({
        body: { name: world.fresh('Plugin'), version, scopes: ['users:write'] },
        as: await narrow(world),
      }),
    },
  }),
  scenario(getPlugin, { success: paramsOf, problems: { 'plugins.not_found': unknown } }),
  scenario(updatePlugin, {
    success: async (world) => ({ ...(await paramsOf(world)), body: { version: '1.1.0' } }),
    problems: {
      'plugins.not_found': () => ({ ...unknown(), body: {} }),
      'plugins.address_refused': async (world) => ({
        ...(await paramsOf(world)),
        body: { health_check: 'http://169.254.169.254/' },
      }),
      'tokens.beyond_own_rights': async (world) => ({
        ...(await beyond(world)),
        body: { scopes: ['users:write'] },
      }),
    },
  }),
  scenario(deletePlugin, { success: paramsOf, problems: { 'plugins.not_found': unknown } }),
  scenario(enablePlugin, { success: paramsOf, problems: { 'plugins.not_found': unknown } }),
  scenario(disablePlugin, { success: paramsOf, problems: { 'plugins.not_found': unknown } }),
  scenario(rotatePluginToken, {
    success: async (world) => ({ ...(await paramsOf(world)), body: { overlap_seconds: 60 } }),
    problems: {
      'plugins.not_found': () => ({ ...unknown(), body: {} }),
      'tokens.beyond_own_rights': async (world) => ({ ...(await beyond(world)), body: {} }),
    },
  }),
  scenario(checkPlugin, { success: paramsOf, problems: { 'plugins.not_found': unknown } }),
  scenario(sendHeartbeat, {
    success: async (world) => {
      const { id, as } = await makePlugin(world)
      return { params: { id }, body: { status: 'healthy' as const }, as }
    },
    problems: {
      'plugins.not_found': async (world) => ({
        ...unknown(),
        body: {},
        as: (await makePlugin(world)).as,
      }),
      'plugins.token_required': async (world) => ({ ...(await paramsOf(world)), body: {} }),
    },
  }),
  scenario(getPluginConfig, {
    success: paramsOf,
    problems: {
      'plugins.not_found': unknown,
      'auth.forbidden': async (world) => ({ ...(await paramsOf(world)), as: await world.as('user') }),
    },
  }),
  scenario(updatePluginConfig, {
    success: async (world) => ({
      ...(await paramsOf(world)),
      body: { greeting: 'Hello', api_key: 'hidden' },
    }),
    problems: { 'plugins.not_found': () => ({ ...unknown(), body: {} }) },
  }),
]
