import { describe, expect, it, onTestFinished } from 'vitest'
import { compileService } from '../match/compiled.ts'
import { serviceOf, startScriptedService } from './fixtures.ts'
import type { Exchange, UpstreamConnection } from './upstream-connection.ts'
import { createUpstreamPools } from './upstream-pool.ts'

describe('connections to a service', () => {
  /** A pool to a service that answers everything. */
  async function start() {
    const { url } = await startScriptedService('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    const [target] = compileService(serviceOf(url).entity, () => 0).targets
    if (target === undefined) throw new Error('There is no target.')
    const pools = createUpstreamPools(() => performance.now(), 10)
    onTestFinished(() => pools.closeAll())
    /** Sends a request; resolves a turn after its answer. `onBody` is told of the body, as it comes. */
    return async (onBody: (connection: UpstreamConnection) => void = () => undefined) => {
      const connection = pools.take(target, { isFresh: false })
      if (connection === null) throw new Error('There is no connection.')
      const done = Promise.withResolvers<void>()
      const exchange: Exchange = {
        onInterim() {},
        onHead() {},
        onBody: () => onBody(connection),
        onEnd: () => done.resolve(),
        onFlush() {},
        onDrain() {},
        onError: done.reject,
      }
      connection.send(exchange, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n', { method: 'GET', isUpgrade: false })
      connection.requestEnded()
      await done.promise
      await new Promise(setImmediate)
      return connection
    }
  }

  it('one that has ended in this very turn is not handed out again', async () => {
    const ask = await start()
    const first = await ask()
    expect(await ask()).toBe(first)
    first.destroy()
    expect(await ask()).not.toBe(first)
  })

  it('one that was held back for a slow client until its answer had ended serves the next request', async () => {
    const ask = await start()
    const first = await ask((connection) => connection.pause())
    expect(await ask()).toBe(first)
  })
})
