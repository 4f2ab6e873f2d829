import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { GatewayKeys } from '../keys/service.ts'
import type { Linked } from './conversation.ts'
import type { Session } from './session.ts'

/** Ends links with the keys that they were made with. */
export function createKeyWatch({
  keys,
  clock,
  logger,
}: {
  keys: Pick<GatewayKeys, 'endOf'>
  clock: Clock
  logger: Logger
}) {
  /** Ends the link when its key does. Answers the function that forgets about it. */
  function endWithKey(session: Session, expiresAt: string | null): () => void {
    if (expiresAt === null) return () => undefined
    const leftMs = Math.max(0, Date.parse(expiresAt) - clock.nowMs())
    return clock.after(leftMs, () => session.close('keyRevoked', 'The gateway key has ended'))
  }

  /** Ends those whose key has been revoked; a key that will end is looked at again then. */
  async function check(those: readonly Linked[]): Promise<void> {
    for (const [keyId, linked] of Map.groupBy(those, ({ session }) => session.keyId)) {
      const [first] = linked
      if (first === undefined) continue
      try {
        const end = await keys.endOf(first.ctx, { id: keyId, organizationId: first.ctx.organizationId })
        for (const link of linked) {
          link.cancelEnd()
          if (end === undefined) link.session.close('keyRevoked', 'The gateway key has been revoked')
          else link.cancelEnd = endWithKey(link.session, end)
        }
      } catch (error) {
        logger.warn(
          { err: error },
          'A gateway key could not be looked at; its links end to be on the safe side',
        )
        for (const { session } of linked) session.close('tryLater', 'Try again in a moment')
      }
    }
  }

  return { endWithKey, check }
}
