import { RequestLogEvent } from '@holdfast/contracts/gateway/link'
import { describe, expect, it } from 'vitest'
import { connectRaw, routeOf, serviceOf, startPlane, startService } from '../proxy/fixtures.ts'

async function start() {
  const { url } = await startService((request, response) =>
    request.resume().on('end', () => response.end('ok')),
  )
  const service = serviceOf(url)
  const bounds = { headersTimeoutMs: 100, headersBytesMax: 2_000 }
  return startPlane([service, routeOf(service.id)], { bounds })
}

describe('a request that the parser refuses', () => {
  it.each([
    [
      'a length that is none',
      'GET /a?secret=1 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
      400,
      'BAD_REQUEST',
      'GET /a',
    ],
    ['what is no HTTP', '\x16\x03\x01 hello\r\n\r\n', 400, 'BAD_REQUEST', '- -'],
    [
      'a head that is too large',
      `GET /b HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(3_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
      'GET /b',
    ],
    ['a head that does not end', 'GET /c HTTP/1.1\r\nHost: a\r\n', 408, 'REQUEST_TIMEOUT', '- -'],
  ])('stands in the log and in the counts: %s', async (_title, sent, statusCode, errorCode, request) => {
    const { port, plane, batches } = await start()
    const client = connectRaw(port)
    client.send(sent)
    const answer = await client.ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${statusCode} `))
    await expect.poll(() => batches.flatMap(({ logs }) => logs)).toHaveLength(1)
    const log = RequestLogEvent.parse(batches[0]?.logs[0])
    expect(log).toMatchObject({
      statusCode,
      errorCode,
      clientIp: '127.0.0.1',
      routeId: null,
      consumerId: null,
    })
    expect(`${log.method} ${log.path}`).toBe(request)
    expect(answer).toContain(`"requestId":"${log.requestId}"`)
    expect(JSON.stringify(batches)).not.toContain('secret')
    expect(plane.metrics().requests).toBe(1)
  })

  it('while its body is on the way is one request, not two', async () => {
    const { port, plane, batches } = await start()
    const client = connectRaw(port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n')
    await client.ended
    await expect.poll(() => batches.flatMap(({ logs }) => logs).length).toBeGreaterThan(0)
    expect(plane.metrics().requests).toBe(1)
  })

  it('a connection on which nothing is said is none', async () => {
    const { port, plane, batches } = await start()
    await connectRaw(port).ended
    const other = connectRaw(port)
    other.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await other.ended
    await expect.poll(() => batches.flatMap(({ logs }) => logs)).toHaveLength(1)
    expect(plane.metrics().requests).toBe(1)
  })
})
