import { fail, type Finding, ok, warn } from './finding.ts'
import type { DoctorRepo } from './repo.ts'

const undeliveredSecondsMax = 300
const verificationHoursMax = 48
const backupHoursMax = 7 * 24
/** So long after its first user an installation may be without what comes by and by. */
const newHours = 48

/** Checks of what the product has done and left undone, as its tables say. */
export async function examineState(repo: DoctorRepo): Promise<Finding[]> {
  const isNew = (await repo.inUseHours()) < newHours
  return [
    jobs(await repo.failedJobs()),
    events(await repo.oldestUndelivered()),
    verification(await repo.latestVerdict(), isNew),
    backup(await repo.latestBackups(), isNew),
  ]
}

const againSql =
  'select graphile_worker.reschedule_jobs(array_agg(id), now(), attempts := 0) from graphile_worker.jobs where attempts >= max_attempts'

function jobs(failed: Awaited<ReturnType<DoctorRepo['failedJobs']>>): Finding {
  if (failed.length === 0) return ok('jobs', 'None has failed for good.')
  const listed = failed.map(({ name, count }) => `${count} of ${name}`).join(', ')
  return warn(
    'jobs',
    `Some have failed for good (${listed}). Mend what the log of the server says of them, then run them again with: ${againSql}`,
  )
}

function events(oldest: Awaited<ReturnType<DoctorRepo['oldestUndelivered']>>): Finding {
  if (oldest === undefined || oldest.ageSeconds <= undeliveredSecondsMax)
    return ok('events', 'None waits for long.')
  return warn(
    'events',
    `"${oldest.consumer}" has not handled what happened ${hours(oldest.ageSeconds / 3_600)} ago. Start the server when it does not run, else look in its log for what fails.`,
  )
}

function verification(latest: Awaited<ReturnType<DoctorRepo['latestVerdict']>>, isNew: boolean): Finding {
  const check = 'audit trail'
  if (latest !== undefined && !latest.valid)
    return fail(
      check,
      `It did not verify ${hours(latest.ageHours)} ago: ${latest.error ?? 'an entry is not as it was written'}. See which under Audit in the console, and compare with a backup.`,
    )
  if (latest === undefined && isNew)
    return ok(check, 'It is verified every night while the server runs; the first one is to come.')
  if (latest === undefined || latest.ageHours > verificationHoursMax)
    return warn(
      check,
      `${latest === undefined ? 'It was never verified' : `It was verified ${hours(latest.ageHours)} ago`}. Leave the server running at night (02:41 UTC), or verify it under Audit in the console.`,
    )
  return ok(check, `It was verified ${hours(latest.ageHours)} ago.`)
}

function backup(
  { newest, whole }: Awaited<ReturnType<DoctorRepo['latestBackups']>>,
  isNew: boolean,
): Finding {
  const check = 'last backup'
  const make = 'Make one with: npm run holdfast -- backup'
  if (newest?.state === 'failed')
    return warn(check, `The last one failed: ${newest.error ?? 'the log says why.'} ${make}`)
  if (whole === undefined)
    return isNew
      ? ok(check, `There is none yet. ${make}`)
      : warn(check, `There is none. ${make}, or set backupSchedule in the settings.`)
  if (whole.ageHours > backupHoursMax)
    return warn(check, `It is ${hours(whole.ageHours)} old. ${make}, or set backupSchedule in the settings.`)
  return ok(check, `It is ${hours(whole.ageHours)} old and was proven by restoring it.`)
}

/** `40 minutes`, `3 hours`, `12 days`. */
function hours(count: number): string {
  const [amount, unit] =
    count < 1 ? [count * 60, 'minute'] : count < 48 ? [count, 'hour'] : [count / 24, 'day']
  const rounded = Math.round(amount)
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}
