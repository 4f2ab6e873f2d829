import { systemClock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { BoundRoute } from '../../../http/handle.ts'
import type { Kit } from '../../../kit.ts'
import type { Endpoints } from '../endpoints/service.ts'
import type { Snapshots } from '../model.ts'
import type { RecordModule } from '../records/module.ts'
import type { AnswerWithHandlers } from '../records/runtime.ts'
import { createOutgoingCall } from './code/outgoing-call.ts'
import { createCodePool } from './code/pool.ts'
import { createCodeRunner } from './code/runner.ts'
import { createRunAction } from './cron/actions.ts'
import { createCronDryRun } from './cron/dry-run.ts'
import { createCronExecutor } from './cron/executor.ts'
import { createCronPlanner } from './cron/planner.ts'
import { type CronJobsRepo, createCronJobsRepo } from './cron/repo.ts'
import { bindCron } from './cron/routes.ts'
import { createCronRunsRepo } from './cron/runs/repo.ts'
import { createCronJobs, type CronJobs } from './cron/service.ts'
import { createHandlerChain } from './handlers/chain.ts'
import { createDryRun } from './handlers/dry-run.ts'
import { createHandlerRunsRepo } from './handlers/repo.ts'
import { bindHandlers } from './handlers/routes.ts'
import { createHandlerRuns } from './handlers/runs.ts'
import { createSecretsRepo } from './secrets/repo.ts'
import { bindSecrets } from './secrets/routes.ts'
import { createSecrets } from './secrets/service.ts'

interface Needs {
  endpoints: Pick<Endpoints, 'get'>
  records: Pick<RecordModule, 'operate' | 'rehearse' | 'runtime'>
  snapshots: Pick<Snapshots, 'current'>
}

export interface Automations {
  answerWithHandlers: AnswerWithHandlers
  cron: CronJobs
  routes: BoundRoute[]
  parts: Part[]
  /** For the dashboard: the jobs as they are stored, and their runs by outcome and day. */
  cronCounts: Pick<CronJobsRepo, 'list' | 'days'>
}

/** What acts on its own: user code in handlers and cron jobs, and the secrets it reads. */
export function createAutomations(kit: Kit, { endpoints, records, snapshots }: Needs): Automations {
  const { database, outbound, logger } = kit
  const { operate, rehearse } = records
  const snapshot = () => snapshots.current()

  const secrets = createSecrets({ ...kit, repo: createSecretsRepo(database) })
  // Scripts may run for minutes: they have workers of their own, so that no request waits for them.
  const pools = {
    handlers: createCodePool({ logger, workersMax: 6 }),
    cron: createCodePool({ logger, workersMax: 4, waitMsMax: 60_000 }),
  }
  const reach = { outgoingCall: createOutgoingCall(outbound), openSecret: secrets.open }
  const runner = createCodeRunner({ ...reach, pool: pools.handlers })

  const runs = createHandlerRuns({ ...kit, repo: createHandlerRunsRepo(database) })

  const cronRepos = { jobs: createCronJobsRepo(database), runs: createCronRunsRepo(database) }
  const cron = createCronJobs({ ...kit, repo: cronRepos.jobs, runs: cronRepos.runs })
  const runAction = createRunAction({
    runner: createCodeRunner({ ...reach, pool: pools.cron }),
    outbound,
    openSecret: secrets.open,
    runtime: records.runtime,
    snapshot,
    operate,
  })
  const executor = createCronExecutor({
    ...kit,
    ...cronRepos,
    runAction,
    recordActivity: kit.activity.record,
    paceClock: systemClock,
  })

  return {
    answerWithHandlers: createHandlerChain({ runner, runs, snapshot, operate }),
    cron,
    cronCounts: cronRepos.jobs,
    routes: [
      ...bindHandlers({
        endpoints,
        dryRun: createDryRun({ runner, rehearse, snapshot }),
        runs,
      }),
      ...bindSecrets(secrets),
      ...bindCron(cron, createCronDryRun({ runner, rehearse, snapshot })),
    ],
    parts: [
      pools.handlers.part,
      pools.cron.part,
      runs.part,
      createCronPlanner({ ...kit, ...cronRepos }),
      executor,
    ],
  }
}
