import type { CronJob, CronJobChange, CronJobInput } from '@holdfast/contracts/builder/automations/cron'
import type { StoredCronJob } from './stored.ts'

/** Between a job as it is shown, all settings side by side, and as it is stored. */

export function storedJob(input: CronJobInput, id: string, at: Date): StoredCronJob {
  const { actionType, javascriptCode, httpUrl, httpMethod, httpHeaders, httpBody, ...rest } = input
  const { endpointPath, endpointMethod, endpointBody, ...settings } = rest
  const http = { httpUrl, httpMethod, httpHeaders, httpBody }
  const action = { actionType, javascriptCode, ...http, endpointPath, endpointMethod, endpointBody }
  const now = at.toISOString()
  const nothingYet = { nextRunAt: null, lastRunAt: null, lastRunStatus: null, lastRunMessage: null }
  return { ...settings, id, action, ...nothingYet, createdAt: now, updatedAt: now }
}

export function changedJob(before: StoredCronJob, change: CronJobChange, at: Date): StoredCronJob {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const { action, ...settings } = before
  const stored = storedJob({ ...settings, ...action, ...given }, before.id, at)
  const { nextRunAt, lastRunAt, lastRunStatus, lastRunMessage, createdAt } = before
  return { ...stored, nextRunAt, lastRunAt, lastRunStatus, lastRunMessage, createdAt }
}

export function answerOf({ action, nextRunAt, ...job }: StoredCronJob, next: readonly Date[]): CronJob {
  void nextRunAt
  return { ...job, ...action, _id: job.id, nextRuns: next.map((time) => time.toISOString()) }
}
