import type { Socket } from 'node:net'
import type { ThreadContext, Tunnel } from '../worker/thread-context.ts'
import type { Waiting } from './deadlines.ts'

/** Joins two sockets until either ends, or nothing has moved for the idle time. */
export function openTunnel(
  context: ThreadContext,
  client: Socket,
  service: Socket,
  { consumerId, userId }: Pick<Tunnel, 'consumerId' | 'userId'>,
): void {
  const { idleTimeoutMs } = context.bounds
  const end = () => {
    context.deadlines.remove(waiting)
    context.tunnels.delete(tunnel)
    client.destroy()
    service.destroy()
  }
  const waiting: Waiting = { deadlineMs: performance.now() + idleTimeoutMs, expire: end }
  const tunnel: Tunnel = { consumerId, userId, end }
  const moved = () => {
    waiting.deadlineMs = performance.now() + idleTimeoutMs
  }
  context.deadlines.add(waiting)
  context.tunnels.add(tunnel)
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
