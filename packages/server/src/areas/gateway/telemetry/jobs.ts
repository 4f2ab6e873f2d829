import type { JobHandler } from '../../../work/jobs/service.ts'
import type { Schedule } from '../../../work/schedules/service.ts'
import type { Telemetry } from './service.ts'

/** Keeps the days of gateway logs. Harmless to run at any time and twice. */
export function telemetryUpkeepJob(telemetry: Pick<Telemetry, 'maintain'>): JobHandler {
  return {
    name: 'gateway.telemetry_upkeep',
    attemptsMax: 5,
    run: (ctx) => telemetry.maintain(ctx),
  }
}

export const telemetryUpkeepSchedule: Schedule = {
  name: 'gateway.telemetry_upkeep',
  cron: '29 * * * *',
  timeZone: 'UTC',
  job: 'gateway.telemetry_upkeep',
  payload: {},
  missed: 'run_once',
  enabled: true,
}
