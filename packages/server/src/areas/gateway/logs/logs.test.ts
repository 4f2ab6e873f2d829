import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { useReporting } from '../telemetry/fixtures.ts'

describe('request logs of gateways', () => {
  const { server, tenant, at, log, metrics, stored } = useReporting()

  it('logs are filtered and paged, newest first', async () => {
    const mine = await tenant()
    const { gateway, consumerId, serviceId } = mine
    const logs = Array.from({ length: 120 }, (_, index) =>
      log({
        at: at((120 - index) * 1_000),
        path: `/things/${index}`,
        statusCode: index % 10 === 0 ? 503 : 200,
        consumerId: index < 60 ? consumerId : null,
        serviceId: index % 2 === 0 ? serviceId : null,
        responseTimeMs: index,
        errorCode: index === 7 ? 'DOWNSTREAM_ERROR' : null,
        method: index === 8 ? 'POST' : 'GET',
      }),
    )
    gateway.report({ sequence: 1, logs })
    await stored(gateway, 1)
    const paths = async (query: Record<string, string | number>) =>
      (await mine.logs(query)).map(({ path }) => Number(path.split('/')[2]))
    expect(await paths({})).toEqual(Array.from({ length: 50 }, (_, index) => 119 - index))
    expect(await paths({ page: 3 })).toEqual(Array.from({ length: 20 }, (_, index) => 19 - index))
    expect(await paths({ statusCode: 503 })).toHaveLength(12)
    expect(await paths({ statusCode: '5xx', consumerId })).toEqual([50, 40, 30, 20, 10, 0])
    expect(await paths({ path: 'S/11' })).toEqual([119, 118, 117, 116, 115, 114, 113, 112, 111, 110, 11])
    expect(await paths({ path: '%' })).toEqual([])
    expect(await paths({ minDurationMs: 117 })).toEqual([119, 118, 117])
    expect(await paths({ errorCode: 'DOWNSTREAM_ERROR' })).toEqual([7])
    expect(await paths({ method: 'post' })).toEqual([8])
    expect(await paths({ serviceId, minDurationMs: 115 })).toEqual([118, 116])
    expect(await paths({ from: at(3_000), to: at(2_000) })).toEqual([118, 117])
    // A form sends what it has not filled in.
    expect(await paths({ path: '', statusCode: '', consumerId: '', from: '', to: '', page: 3 })).toHaveLength(
      20,
    )
  })

  it('a cursor goes on where the page before ended, whatever has come in since', async () => {
    const mine = await tenant()
    const { gateway, params, headers } = mine
    gateway.report({
      sequence: 1,
      logs: Array.from({ length: 70 }, (_, index) => log({ at: at(index), requestId: `r-${index}` })),
    })
    await stored(gateway, 1)
    const url = `${server().url}/api/tenants/${params.tenantId}/logs`
    const first = await fetch(url, { headers })
    const cursor = first.headers.get('x-next-cursor')
    gateway.report({ sequence: 2, logs: [log()] })
    await stored(gateway, 2)
    const second = await fetch(`${url}?cursor=${cursor}`, { headers })
    const ids = [first, second].map(async (answer) =>
      ((await answer.json()) as { requestId: string }[]).map((row) => row.requestId),
    )
    expect((await Promise.all(ids)).flat()).toEqual(Array.from({ length: 70 }, (_, index) => `r-${index}`))
    expect(second.headers.get('x-next-cursor')).toBeNull()
  })

  it('what is followed live comes as it is reported, filtered, and ends with the client', async () => {
    const mine = await tenant()
    const { headers } = mine
    const leaving = new AbortController()
    const url = `${server().url}/api/tenants/${mine.params.tenantId}`
    mine.gateway.report({ sequence: 1, logs: [log({ requestId: 'before' })] })
    await stored(mine.gateway, 1)
    const [logs, live] = await Promise.all(
      ['/logs/stream?statusCode=5xx', '/metrics/stream'].map((path) =>
        fetch(url + path, { headers, signal: leaving.signal }),
      ),
    )
    const seen = { logs: '', live: '' }
    void read(logs, (text) => (seen.logs += text))
    void read(live, (text) => (seen.live += text))
    await until(() => seen.logs.includes('retry') && seen.live.includes('retry'))
    mine.gateway.report({
      sequence: 2,
      logs: [log({ requestId: 'unwanted' }), log({ requestId: 'wanted', statusCode: 502 })],
      metrics: [metrics([5])],
    })
    await stored(mine.gateway, 2)
    await until(() => {
      server().clock.advance(1_000)
      return seen.logs.includes('wanted') && seen.live.includes('"requests":1')
    })
    expect(seen.logs).toContain('event: log')
    expect(seen.logs).not.toContain('unwanted')
    expect(seen.logs).not.toContain('before')
    expect(seen.live).toContain('event: metrics')
    leaving.abort()
  })

  it('a request that took long is followed when it is over, whatever else has been reported meanwhile', async () => {
    const mine = await tenant()
    const { seen, tickUntil } = await follow(mine)
    mine.gateway.report({ sequence: 1, logs: [log({ requestId: 'quick' })] })
    await stored(mine.gateway, 1)
    await tickUntil(() => seen().includes('quick'))
    const slow = { requestId: 'slow', at: at(300_000), responseTimeMs: 300_000 }
    mine.gateway.report({ sequence: 2, logs: [log(slow), log({ requestId: 'last' })] })
    await stored(mine.gateway, 2)
    await tickUntil(() => seen().includes('last'))
    expect(seen()).toContain('"requestId":"slow"')
    expect(seen().match(/"requestId":"quick"/g)).toHaveLength(1)
  })

  it('of more than can be followed the newest are shown, and the others are counted', async () => {
    const mine = await tenant()
    const { seen, tickUntil } = await follow(mine, '?statusCode=2xx')
    const logs = Array.from({ length: 700 }, (_, index) =>
      log({ at: at(700 - index), requestId: `r-${index}`, statusCode: index < 80 ? 404 : 200 }),
    )
    mine.gateway.report({ sequence: 1, logs })
    await stored(mine.gateway, 1)
    await tickUntil(() => seen().includes('"r-699"'))
    expect(seen()).toContain('event: skipped\ndata: {"skipped":120}')
    expect(seen().match(/event: log/g)).toHaveLength(500)
    expect(seen()).not.toContain('"r-199"')
    expect(seen()).toContain('"r-200"')
    mine.gateway.report({ sequence: 2, logs: [log({ requestId: 'after' })] })
    await stored(mine.gateway, 2)
    await tickUntil(() => seen().includes('"after"'))
    expect(seen().match(/event: skipped/g)).toHaveLength(1)
  })

  /** Follows the log of a tenant from now on, until the test is over. */
  async function follow({ params, headers }: Awaited<ReturnType<typeof tenant>>, query = '') {
    const leaving = new AbortController()
    onTestFinished(() => leaving.abort())
    const url = `${server().url}/api/tenants/${params.tenantId}/logs/stream${query}`
    let text = ''
    void read(await fetch(url, { headers, signal: leaving.signal }), (more) => (text += more))
    await until(() => text.includes('retry'))
    const tickUntil = (isTrue: () => boolean) =>
      until(() => {
        server().clock.advance(1_000)
        return isTrue()
      })
    return { seen: () => text, tickUntil }
  }
})

async function read(answer: Response | undefined, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of answer?.body ?? []) take(decoder.decode(chunk as Uint8Array))
  } catch {
    // The reader has left.
  }
}
