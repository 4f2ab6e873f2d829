import { describe, expect, it } from 'vitest'
import { routeOf, serviceOf, startPlane, startRawService } from './fixtures.ts'

describe('retries', () => {
  /** Refuses so many connections, then answers. */
  async function flaky(failures: number) {
    let requests = 0
    const service = await startRawService((socket) =>
      socket.on('data', () => {
        requests += 1
        if (requests <= failures) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
      }),
    )
    return { ...service, requests: () => requests }
  }

  it.each([
    ['GET', 2, 2, 200, 3],
    ['GET', 3, 2, 502, 3],
    ['PUT', 1, 1, 200, 2],
    ['POST', 1, 5, 502, 1],
    ['GET', 1, 0, 502, 1],
  ])('%s with %i failures and %i retries', async (method, failures, retries, status, requests) => {
    const upstream = await flaky(failures)
    const service = serviceOf(upstream.url)
    const { url } = await startPlane([service, routeOf(service.id, { retries })])
    const answer = await fetch(url, { method, ...(method === 'PUT' ? { body: 'text' } : {}) })
    expect(answer.status).toBe(status)
    expect(upstream.requests()).toBe(requests)
  })

  /** Answers this status so many times, then 200. */
  async function failing(status: number, failures: number, more = '') {
    let requests = 0
    let connections = 0
    const service = await startRawService((socket) => {
      connections += 1
      socket.on('data', () => {
        requests += 1
        const isWell = requests > failures
        const body = isWell ? 'hi' : 'no'
        socket.write(
          `HTTP/1.1 ${isWell ? 200 : status} X\r\n${isWell ? '' : more}Content-Length: 2\r\n\r\n${body}`,
        )
      })
    })
    return { ...service, requests: () => requests, connections: () => connections }
  }

  it.each([
    ['GET', 502, 1, 1, 200, 2],
    ['GET', 503, 2, 2, 200, 3],
    ['PUT', 504, 1, 1, 200, 2],
    ['GET', 503, 3, 1, 503, 2],
    ['GET', 503, 1, 0, 503, 1],
    ['POST', 503, 1, 5, 503, 1],
    ['GET', 500, 1, 5, 500, 1],
  ])(
    '%s answered with %i, %i times, with %i retries',
    async (method, status, failures, retries, ...expected) => {
      const upstream = await failing(status, failures)
      const service = serviceOf(upstream.url)
      const { url } = await startPlane([service, routeOf(service.id, { retries })])
      const answer = await fetch(url, { method, ...(method === 'PUT' ? { body: 'text' } : {}) })
      expect(await answer.text()).toBe(expected[0] === 200 ? 'hi' : 'no')
      expect([answer.status, upstream.requests()]).toEqual(expected)
    },
  )

  it.each([
    ['is whole', '', 1],
    ['ends its connection', 'Connection: close\r\n', 4],
  ])(
    'an answer that is passed over and %s: its connection serves again when it can',
    async (_title, more, connections) => {
      const bad = await failing(503, Number.POSITIVE_INFINITY, more)
      const good = await failing(503, 0)
      const service = serviceOf('', { targets: [bad, good].map(({ url }) => ({ url, weight: 1 })) })
      const { url } = await startPlane([service, routeOf(service.id, { retries: 1 })])
      for (let count = 0; count < 8; count += 1) expect(await (await fetch(url)).text()).toBe('hi')
      expect([bad.requests(), bad.connections()]).toEqual([4, connections])
      expect([good.requests(), good.connections()]).toEqual([8, 1])
    },
  )

  it('stop when they are more than a fifth of the requests', async () => {
    const upstream = await flaky(Number.POSITIVE_INFINITY)
    const service = serviceOf(upstream.url)
    const { url } = await startPlane([service, routeOf(service.id, { retries: 5 })])
    for (let count = 0; count < 50; count += 1) await (await fetch(url)).arrayBuffer()
    // 50 requests, the 10 that may be saved up, and a fifth of 50.
    expect(upstream.requests()).toBeLessThanOrEqual(70)
    expect(upstream.requests()).toBeGreaterThan(60)
  })
})
