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
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../../http/handle.ts'
import type { CronDryRun } from './dry-run.ts'
import type { CronJobs } from './service.ts'

export function bindCron(cron: CronJobs, dryRun: CronDryRun): BoundRoute[] {
  return [
    handle(listCronJobs, async (ctx) => success(await cron.list(ctx))),
    handle(createCronJob, async (ctx, { body }) => success(await cron.create(ctx, body))),
    handle(previewCron, async (_ctx, { body }) => success({ nextRuns: cron.preview(body) })),
    handle(dryRunCron, async (ctx, { body }) => success(await dryRun(ctx, body))),
    handle(getCronJob, async (ctx, { params }) => success(await cron.get(ctx, params.id))),
    handle(updateCronJob, async (ctx, { params, body }) => success(await cron.update(ctx, params.id, body))),
    handle(deleteCronJob, async (ctx, { params }) => {
      await cron.remove(ctx, params.id)
      return done('Cron job deleted')
    }),
    handle(runCronJob, async (ctx, { params }) => success(await cron.runNow(ctx, params.id))),
    handle(listCronRuns, async (ctx, { params, query }) => {
      const { runs, nextCursor } = await cron.listRuns(ctx, params.id, query)
      return { success: true as const, data: runs, meta: { limit: query.limit, nextCursor } }
    }),
  ]
}
