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
  routes: BoundRoute[]
  parts: Part[]
}

/** What acts on its own: user code in handlers and cron jobs, and the secrets it reads. */
export function createAutomations(kit: Kit, { endpoints, records, snapshots }: Needs): Automations {
  const { database, outbound, logger } = kit
  const { operate, rehearse } = records
  const snapshot = () => snapshots.current()

  const secrets = createSecrets({ ...kit, repo: createSecretsRepo(database) })
  const pool = createCodePool({ logger })
  const runner = createCodeRunner({
    pool,
    outgoingCall: createOutgoingCall(outbound),
    openSecret: secrets.open,
  })

  const runsRepo = createHandlerRunsRepo(database)
  const runs = createHandlerRuns({ ...kit, repo: runsRepo })

  return {
    answerWithHandlers: createHandlerChain({ runner, runs, snapshot, operate }),
    routes: [
      ...bindHandlers({
        endpoints,
        dryRun: createDryRun({ runner, rehearse, snapshot }),
        runs: runsRepo,
      }),
      ...bindSecrets(secrets),
    ],
    parts: [pool.part, runs.part],
  }
}
