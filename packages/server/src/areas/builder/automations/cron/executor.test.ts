import { createCronJob } from '@holdfast/contracts/builder/automations/cron'
import { createTestClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createServiceHarness } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { expect, it, onTestFinished } from 'vitest'
import { systemContext } from '../../../../context.ts'
import { createEventsRepo } from '../../../../work/events/repo.ts'
import { createEvents } from '../../../../work/events/service.ts'
import { createCronExecutor } from './executor.ts'
import { storedJob } from './mapping.ts'
import { createCronJobsRepo } from './repo.ts'
import { createCronRunsRepo, leaseSeconds } from './runs/repo.ts'

it('a run that begins while leases are being renewed is not taken for lost', async () => {
  const { database, clock, ids } = await createServiceHarness()
  const jobs = createCronJobsRepo(database)
  const runs = createCronRunsRepo(database)
  const paceClock = createTestClock()
  const end = Promise.withResolvers<void>()
  const begun: AbortSignal[] = []
  const asked: string[][] = []
  const executor = createCronExecutor({
    jobs,
    runs: {
      ...runs,
      async renew(holder, wanted) {
        asked.push([...wanted])
        // The first answer takes so long that another run has begun when it is there.
        if (asked.length === 1) {
          await queueRun('Second')
          await until(() => begun.length === 2, { what: 'the second run' })
        }
        return runs.renew(holder, wanted)
      },
    },
    async runAction(_job, signal) {
      begun.push(signal)
      await end.promise
      return { state: 'success', message: '', output: null, error: null, console: [], consoleDropped: 0 }
    },
    database,
    events: createEvents({ repo: createEventsRepo(database), clock, ids }),
    recordActivity: () => undefined,
    clock,
    paceClock,
    ids,
    logger: silentLogger,
  })
  onTestFinished(async () => {
    end.resolve()
    await executor.stop?.()
  })

  async function queueRun(name: string) {
    const input = createCronJob.body.parse({ name, schedule: '0 0 1 1 *', actionType: 'javascript' })
    const job = storedJob(input, ids.uuid(), clock.now())
    const run = { id: ids.uuid(), cronId: job.id, attempt: 1, message: '' }
    await database.transaction(systemContext('test'), async (tx) => {
      await jobs.put(tx, job)
      const scheduledFor = clock.now().toISOString()
      await runs.add(tx, { ...run, state: 'queued', trigger: 'manual', scheduledFor }, clock.now())
      await jobs.announce(tx)
    })
  }

  await executor.start?.()
  await queueRun('First')
  await until(() => begun.length === 1, { what: 'the first run' })
  const beat = () => paceClock.advance((leaseSeconds * 1_000) / 3 + 1)
  beat()
  await until(() => begun.length === 2, { what: 'the second run' })
  await until(
    () => {
      beat()
      return asked.some((wanted) => wanted.length === 2)
    },
    { what: 'the next renewal' },
  )
  expect(begun.map(({ aborted }) => aborted)).toEqual([false, false])
})
