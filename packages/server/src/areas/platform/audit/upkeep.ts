import type { AuditVerdict } from '@holdfast/contracts/platform/audit'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { JobHandler } from '../../../work/jobs/service.ts'
import type { Schedule } from '../../../work/schedules/service.ts'
import type { Events } from '../../../work/events/service.ts'
import type { Notifications } from '../notifications/service.ts'
import type { Settings } from '../settings/service.ts'
import type { Checkpoints } from './checkpoints/service.ts'
import type { Segments } from './segments/service.ts'
import type { Shipping } from './shipping/service.ts'
import type { Verification } from './verification/service.ts'

const dayMs = 86_400_000

/** Signs the heads every few minutes; once a day verifies all chains and seals what is past its retention. */
export function auditUpkeepJobs(needs: {
  checkpoints: Pick<Checkpoints, 'sign'>
  segments: Pick<Segments, 'sealBefore'>
  shipping: Pick<Shipping, 'later'>
  verification: Pick<Verification, 'run'>
  settings: Pick<Settings, 'current'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
  notifications: Pick<Notifications, 'add'>
  clock: Clock
  logger: Logger
}): JobHandler[] {
  const { checkpoints, segments, shipping, verification, settings, database, clock, logger } = needs

  /** Tells everybody whom it concerns: the log, webhooks, and in the console who may read the trail. */
  async function alarm(ctx: Context, verdict: AuditVerdict): Promise<void> {
    logger.error({ verdict }, 'The audit trail does not verify; nothing is sealed')
    const { error, first_invalid_seq, verifiedAt } = verdict
    await database.transaction(ctx, async (tx) => {
      await needs.events.append(tx, {
        type: 'audit.verification_failed',
        data: { error, firstInvalidSequence: first_invalid_seq, verifiedAt },
      })
      await needs.notifications.add(tx, {
        permission: 'view_audit',
        kind: 'audit.verification_failed',
        title: 'The audit trail does not verify',
        message: `${error ?? ''} Find out who can write to the database, and compare the trail with the checkpoints outside it.`,
        link: '/admin/audit',
      })
    })
  }

  return [
    {
      name: 'audit.checkpoint',
      attemptsMax: 5,
      run: (ctx) =>
        database.transaction(ctx, async (tx) => {
          const signed = await checkpoints.sign(tx)
          if (signed.length === 0) return
          const at = clock.now().toISOString().replaceAll(':', '-')
          const text = signed.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join('')
          await shipping.later(tx, `checkpoints-${at}.ndjson`, text)
        }),
    },
    {
      name: 'audit.daily',
      attemptsMax: 3,
      async run(ctx) {
        const verdict = await verification.run(ctx)
        if (!verdict.valid) {
          await alarm(ctx, verdict)
          return
        }
        const { auditRetentionDays } = settings.current()
        if (auditRetentionDays === 0) return
        await segments.sealBefore(ctx, new Date(clock.nowMs() - auditRetentionDays * dayMs))
      },
    },
  ]
}

const every = (name: string, cron: string): Schedule => ({
  name,
  cron,
  timeZone: 'UTC',
  job: name,
  payload: {},
  missed: 'run_once',
  enabled: true,
})

export const auditSchedules = [every('audit.checkpoint', '*/5 * * * *'), every('audit.daily', '41 2 * * *')]
