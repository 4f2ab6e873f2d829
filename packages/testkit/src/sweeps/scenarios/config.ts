import {
  getConfig,
  getConfigKey,
  listConfigHistory,
  rollbackConfig,
  updateConfig,
} from '@holdfast/contracts/platform/config'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'

/** A free key that has one version. */
async function makeKey(world: World) {
  const key = world.fresh('shop')
  const client = await world.adminClient()
  const { version } = await client.call(updateConfig, {
    body: { key, value: 'one', reason: 'A first value' },
  })
  return { key, version }
}

const unknownKey = () => ({ params: { key: 'nobody.has.this' } })

export const configScenarios = [
  scenario(getConfig, { success: () => ({}) }),
  scenario(updateConfig, {
    success: (world) => ({
      body: { key: world.fresh('shop'), value: 'open', is_sensitive: true, reason: 'Opening day' },
    }),
    problems: {
      'config.set_by_environment': () => ({ body: { PORT: 1 } }),
      'config.too_many_keys': {
        environment: {},
        way: async (world) => {
          await world.server.database.pool.query(
            `insert into settings (name, value, updated_at) select 'free-' || n, '1', now() from generate_series(1, 1000) n`,
          )
          return { body: { key: 'one-more', value: 1 } }
        },
      },
    },
  }),
  scenario(getConfigKey, {
    success: async (world) => ({ params: { key: (await makeKey(world)).key } }),
    problems: { 'config.not_found': unknownKey },
  }),
  scenario(listConfigHistory, {
    success: async (world) => ({ params: { key: (await makeKey(world)).key }, query: {} }),
    problems: { 'config.not_found': () => ({ ...unknownKey(), query: {} }) },
  }),
  scenario(rollbackConfig, {
    success: async (world) => {
      const { key, version } = await makeKey(world)
      return { params: { key }, body: { version, reason: 'As it was' } }
    },
    problems: {
      'config.not_found': () => ({ ...unknownKey(), body: { version: 1 } }),
      'config.version_not_found': async (world) => ({
        params: { key: (await makeKey(world)).key },
        body: { version: 999_999 },
      }),
      'config.set_by_environment': () => ({ params: { key: 'PORT' }, body: { version: 1 } }),
    },
  }),
]
