import { describe, expect, it } from 'vitest'
import { compileService } from '../match/compiled.ts'
import { serviceOf, startScriptedService } from './fixtures.ts'
import { createUpstreamPools } from './upstream-pool.ts'

describe('connections to a service', () => {
  it('one that has ended in this very turn is not handed out again', async () => {
    const { url } = await startScriptedService('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    const [target] = compileService(serviceOf(url).entity, () => 0).targets
    if (target === undefined) throw new Error('There is no target.')
    const pools = createUpstreamPools(() => performance.now(), 10)
    const use = (isFresh: boolean) => {
      const connection = pools.take(target, { isFresh })
      if (connection === null) throw new Error('There is no connection.')
      const done = Promise.withResolvers<void>()
      const events = { onInterim() {}, onHead() {}, onBody() {}, onEnd: () => done.resolve(), onDrain() {} }
      const request = { method: 'GET', isUpgrade: false }
      const head = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'
      connection.send({ ...events, onFlush() {}, onError: done.reject }, head, request)
      connection.requestEnded()
      return { connection, done: done.promise }
    }
    const first = use(false)
    await first.done
    await new Promise(setImmediate)
    const again = use(false)
    expect(again.connection).toBe(first.connection)
    await again.done
    await new Promise(setImmediate)
    first.connection.destroy()
    const second = use(false)
    expect(second.connection).not.toBe(first.connection)
    await second.done
    pools.closeAll()
  })
})
