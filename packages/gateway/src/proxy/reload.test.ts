import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { changeOf, connectRaw, consumerOf, routeOf, serviceOf, startPlane, startService } from './fixtures.ts'

describe('a change of the configuration', () => {
  it('costs no request, however many come while it is put into force', { timeout: 30_000 }, async () => {
    const { url: upstream } = await startService((_request, response) => response.end('hello'))
    const service = serviceOf(upstream)
    const route = routeOf(service.id)
    const { port, plane } = await startPlane([service, route], { threads: 2 })
    const statuses = new Map<number | string, number>()
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    onTestFinished(() => agent.destroy())
    const ending = new AbortController()
    const clients = Array.from({ length: 8 }, async () => {
      while (!ending.signal.aborted) {
        const status = await ask(agent, port)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    })
    for (let turn = 0; turn < 200; turn += 1) {
      const other = routeOf(service.id, { pathPattern: `/other-${turn % 7}` })
      const whole = turn % 10 === 0
      await plane.apply(
        changeOf(whole ? [service, route, consumerOf(`gw_${turn}`, 'free')] : [service, other], {
          replaceAll: whole,
          removals: whole ? [] : [{ kind: 'consumer', id: other.id }],
        }),
      )
    }
    ending.abort()
    await Promise.all(clients)
    expect([...statuses.keys()]).toEqual([200])
    expect(statuses.get(200)).toBeGreaterThan(100)
  })

  it('lets a request that is under way end under the configuration it began with', async () => {
    let finish = (): void => undefined
    const { url, server } = await startService((_request, response) => {
      finish = () => void response.end('late')
    })
    const service = serviceOf(url)
    const named = (revision: string) => ({ responseHeaders: { set: { 'X-Revision': revision }, remove: [] } })
    const route = routeOf(service.id, named('one'))
    const { port, plane } = await startPlane([service, route])
    const client = connectRaw(port)
    const asked = once(server, 'request')
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await asked
    await plane.apply(changeOf([], { removals: [{ kind: 'service', id: service.id }] }))
    await plane.apply(changeOf([routeOf(service.id, { ...named('two'), id: route.id })]))
    finish()
    expect(await client.ended).toMatch(/^HTTP\/1\.1 200 [^]*x-revision: one\r\n[^]*late$/)
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(404)
  })
})

/** The status of one answer, or what went wrong. */
async function ask(agent: Agent, port: number): Promise<number | string> {
  try {
    const request = httpRequest({ agent, port, host: '127.0.0.1' }).end()
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'end')
    return response.statusCode
  } catch (error) {
    return String(error)
  }
}
