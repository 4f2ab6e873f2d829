import { dryRunHandler, listHandlerRuns } from '@holdfast/contracts/builder/code'
import { success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../../http/handle.ts'
import type { Endpoints } from '../../endpoints/service.ts'
import type { DryRun } from './dry-run.ts'
import type { HandlerRuns } from './runs.ts'

interface Needs {
  endpoints: Pick<Endpoints, 'get'>
  dryRun: DryRun
  runs: Pick<HandlerRuns, 'list'>
}

export function bindHandlers({ endpoints, dryRun, runs }: Needs): BoundRoute[] {
  return [
    handle(dryRunHandler, async (ctx, { params, body }) =>
      success(await dryRun(ctx, await endpoints.get(ctx, params.id), body)),
    ),
    handle(listHandlerRuns, async (ctx, { params, query }) => {
      const { id } = await endpoints.get(ctx, params.id)
      const failed = query.failed === undefined ? null : query.failed === 'true'
      return success(await runs.list(ctx, id, { ...query, failed }))
    }),
  ]
}
