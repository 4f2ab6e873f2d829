import type { Socket } from 'node:net'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import type { Waiting } from './deadlines.ts'

/** Joins two sockets until either ends, nothing has moved for the idle time, or the credential has ended. */
export function openTunnel(
  context: ThreadContext,
  client: Socket,
  service: Socket,
  call: Pick<Call, 'consumerId' | 'userId' | 'credentialEndsMs'>,
): void {
  const { idleTimeoutMs } = context.bounds
  const end = () => {
    context.deadlines.remove(waiting)
    client.destroy()
    service.destroy()
  }
  const nextDeadlineMs = () => Math.min(performance.now() + idleTimeoutMs, call.credentialEndsMs)
  const waiting: Waiting = { call, deadlineMs: nextDeadlineMs(), expire: end, withdraw: end }
  const moved = () => {
    waiting.deadlineMs = nextDeadlineMs()
  }
  context.deadlines.add(waiting)
  for (const [from, to] of [
    [client, service],
    [service, client],
  ] as const) {
    from.setTimeout(0)
    from.setNoDelay(true)
    from.on('data', moved)
    from.pipe(to)
    from.on('error', end)
    from.on('close', end)
  }
}
