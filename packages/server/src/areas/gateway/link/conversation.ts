import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Handler } from './connection.ts'
import type { Intake } from './intake.ts'
import { writeMessage } from './rules.ts'
import type { Session } from './session.ts'
import type { TenantHub } from './tenant-hub.ts'

/** A gateway that was let in, with everything that belongs to its link. */
export interface Linked {
  session: Session
  hub: TenantHub
  intake: Intake
  ctx: Context & { organizationId: string }
  /** How often it asked to begin anew in this minute. */
  resyncs: { count: number; untilMs: number }
  /** Forgets when the key ends. */
  cancelEnd: () => void
}

const resyncsPerMinute = 10

/** What an admitted gateway says, and what follows from it. */
export function createConversation({ clock, logger }: { clock: Clock; logger: Logger }) {
  function acknowledge(linked: Linked, revision: number, checksum: string | null): void {
    const { session, hub } = linked
    const { given, applied } = session
    if (given === null || revision > given.revision) {
      // What it was given before it began anew may still be acknowledged; a revision that nobody gave it may not.
      if (given !== null) session.close('protocol', 'A revision was acknowledged that was not sent')
      return
    }
    if (applied !== null && revision <= applied.revision) return
    if (revision === given.revision && checksum !== null && checksum !== given.checksum) {
      logger.warn({ gatewayId: session.gatewayId, revision }, 'A gateway holds another configuration')
      return beginAnew(linked)
    }
    session.applied = { revision, checksum }
    hub.acknowledged(session)
  }

  function beginAnew({ session, hub, resyncs }: Linked): void {
    if (resyncs.untilMs <= clock.nowMs()) {
      resyncs.count = 0
      resyncs.untilMs = clock.nowMs() + 60_000
    }
    resyncs.count += 1
    if (resyncs.count > resyncsPerMinute) return session.close('tryLater', 'It begins anew too often')
    session.given = null
    hub.wake()
  }

  /** Reports of the older form are counted with what was dropped: nobody who looks takes silence for no traffic. */
  function leaveOut({ session, intake }: Linked, events: number): void {
    if (session.reportsLeftOut === 0)
      logger.warn(
        { gatewayId: session.gatewayId },
        'A gateway of the older form reports what is not stored. Bring it to the version of the server.',
      )
    session.reportsLeftOut += 1
    intake.push({
      sequence: session.reportsLeftOut,
      dropped: events,
      logs: [],
      errors: [],
      health: [],
      metrics: [],
    })
  }

  return function receive(linked: Linked, message: Parameters<Handler>[0]): void {
    const { session } = linked
    session.heardAtMs = clock.nowMs()
    switch (message.type) {
      case 'config.ack':
        return acknowledge(linked, message.payload.version, message.payload.checksum ?? null)
      case 'config.resync':
        logger.warn({ gatewayId: session.gatewayId, reason: message.payload.reason }, 'A gateway begins anew')
        return beginAnew(linked)
      case 'telemetry':
        return linked.intake.push(message.payload)
      case 'ping':
        // Who asks and does not read is not answered for ever.
        if (session.isReading()) void session.send(writeMessage({ type: 'pong', payload: {} }))
        return
      case 'pong':
        return
      case 'unknown':
        if (!session.isLegacy) session.close('protocol', 'This message is not known')
        else if (message.events > 0) leaveOut(linked, message.events)
    }
  }
}
