import {
  createCronJob,
  deleteCronJob,
  dryRunCron,
  getCronJob,
  listCronJobs,
  listCronRuns,
  previewCron,
  runCronJob,
  updateCronJob,
} from '@holdfast/contracts/builder/automations/cron'
import {
  deleteSecret,
  dryRunHandler,
  listHandlerRuns,
  listSecrets,
  saveSecret,
} from '@holdfast/contracts/builder/code'
import { createEndpoint, listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'

const job = (world: World) => ({
  name: world.fresh('Job'),
  schedule: '0 0 1 1 *',
  actionType: 'javascript' as const,
  javascriptCode: 'async function run() {}',
})

async function makeJob(world: World) {
  const { data } = await (await world.adminClient()).call(createCronJob, { body: job(world) })
  return data
}

/** A job with so many runs under way on a server that is alive, so that another run waits. */
async function makeBusyJob(world: World, runs: number) {
  const { id } = await makeJob(world)
  await world.server.database.pool.query(
    `insert into cron_runs (id, cron_id, state, trigger, attempt, scheduled_for, created_at, holder, lease_until)
     select gen_random_uuid(), $1, 'running', 'manual', 1, now(), now(), gen_random_uuid(), now() + interval '1 day'
     from generate_series(1, $2::int)`,
    [id, runs],
  )
  return { id }
}

async function makeEndpoint(world: World) {
  const { data } = await (await world.adminClient()).call(createEndpoint, {
    body: { name: 'Code', path: `/api/${world.fresh('code').toLowerCase()}`, method: 'GET' },
  })
  return data
}

const bad = {
  'cron.schedule_invalid': { schedule: 'every day' },
  'cron.time_zone_unknown': { timeZone: 'Mars/Olympus' },
  'cron.action_incomplete': { actionType: 'endpoint' as const },
  'cron.url_refused': { actionType: 'http' as const, httpUrl: 'http://127.0.0.1/' },
}
const badCreate = (part: object) => (world: World) => ({ body: { ...job(world), ...part } })
const badUpdate = (part: object) => async (world: World) => ({
  params: { id: (await makeJob(world)).id },
  body: part,
})
const known = async (world: World) => ({ params: { id: (await makeJob(world)).id } })
const code = { type: 'pre' as const, code: 'async function handler() {}' }

export const automationScenarios = [
  scenario(dryRunHandler, {
    success: async (world) => ({ params: { id: (await makeEndpoint(world)).id }, body: code }),
    problems: {
      'endpoints.not_found': () => ({ params: { id: unknownId }, body: code }),
      'endpoints.system_protected': async (world) => {
        const { data } = await (await world.adminClient()).call(listEndpoints, {
          query: { system: 'true', limit: 1 },
        })
        return { params: { id: data[0]?.id ?? '' }, body: code }
      },
      'code.busy': { onlyByRace: 'All workers must be taken for seconds; the tests of the pool show it.' },
    },
  }),
  scenario(listHandlerRuns, {
    success: async (world) => ({ params: { id: (await makeEndpoint(world)).id }, query: {} }),
    problems: { 'endpoints.not_found': () => ({ params: { id: unknownId }, query: {} }) },
  }),
  scenario(listSecrets, { success: () => ({}) }),
  scenario(saveSecret, {
    unknownIdAllowed: 'Whoever saves a secret gives it its name.',
    success: () => ({ params: { name: 'SWEEP_KEY' }, body: { value: 'a value of some length' } }),
    problems: {
      'secrets.too_many': {
        environment: {},
        async way(world) {
          await world.server.database.pool.query(
            `insert into code_secrets select 'FULL_' || n, '', '', now(), now(), '' from generate_series(1, 500) n`,
          )
          return { params: { name: 'ONE_MORE' }, body: { value: 'a value of some length' } }
        },
      },
    },
  }),
  scenario(deleteSecret, {
    async success(world) {
      const name = 'SWEEP_GONE'
      const client = await world.adminClient()
      await client.call(saveSecret, { params: { name }, body: { value: 'a value of some length' } })
      return { params: { name } }
    },
    problems: { 'secrets.not_found': () => ({ params: { name: 'NOBODY_HAS_THIS' } }) },
  }),
  scenario(listCronJobs, { success: () => ({}) }),
  scenario(createCronJob, {
    success: (world) => ({ body: job(world) }),
    problems: {
      'cron.schedule_invalid': badCreate(bad['cron.schedule_invalid']),
      'cron.time_zone_unknown': badCreate(bad['cron.time_zone_unknown']),
      'cron.action_incomplete': badCreate(bad['cron.action_incomplete']),
      'cron.url_refused': badCreate(bad['cron.url_refused']),
      'cron.too_many': {
        environment: {},
        async way(world) {
          const { id } = await makeJob(world)
          await world.server.database.pool.query(
            `insert into cron_jobs select (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid()))).*
             from cron_jobs j, generate_series(1, 1000) where j.id = $1`,
            [id],
          )
          return { body: job(world) }
        },
      },
    },
  }),
  scenario(previewCron, {
    success: () => ({ body: { schedule: '*/5 * * * *' } }),
    problems: {
      'cron.schedule_invalid': () => ({ body: { schedule: 'every day' } }),
      'cron.time_zone_unknown': () => ({ body: { schedule: '* * * * *', timeZone: 'Mars/Olympus' } }),
    },
  }),
  scenario(dryRunCron, {
    success: () => ({ body: { code: 'async function run() { return 1 }' } }),
    problems: {
      'code.busy': { onlyByRace: 'All workers must be taken for seconds; the tests of the pool show it.' },
    },
  }),
  scenario(getCronJob, {
    success: known,
    problems: { 'cron.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(updateCronJob, {
    success: async (world) => ({ ...(await known(world)), body: { name: 'Changed' } }),
    problems: {
      'cron.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'cron.schedule_invalid': badUpdate(bad['cron.schedule_invalid']),
      'cron.time_zone_unknown': badUpdate(bad['cron.time_zone_unknown']),
      'cron.action_incomplete': badUpdate(bad['cron.action_incomplete']),
      'cron.url_refused': badUpdate(bad['cron.url_refused']),
    },
  }),
  scenario(deleteCronJob, {
    success: known,
    problems: { 'cron.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(runCronJob, {
    // It waits: a run that went on would write its event into the next scenario.
    success: async (world) => ({ params: await makeBusyJob(world, 1) }),
    problems: {
      'cron.not_found': () => ({ params: { id: unknownId } }),
      'cron.too_many_waiting': async (world) => ({ params: await makeBusyJob(world, 20) }),
    },
  }),
  scenario(listCronRuns, {
    success: async (world) => ({ ...(await known(world)), query: {} }),
    problems: { 'cron.not_found': () => ({ params: { id: unknownId }, query: {} }) },
  }),
]
