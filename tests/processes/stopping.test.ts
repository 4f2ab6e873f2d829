import { once } from 'node:events'
import { connect } from 'node:net'
import { listActivity } from '@holdfast/contracts/platform/activity'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { administrator, createRunningServer, type RunningServer, until } from './running-server.ts'
import { startClients } from './received-requests.ts'

describe('a server that is told to stop', () => {
  let server: RunningServer
  beforeEach(async () => {
    server = await createRunningServer()
    await server.start()
    await server.defineEndpoint('/api/notes')
  })
  afterEach(() => server.remove())

  it('answers every request that it has received: records and management, reads and writes', {
    timeout: 120_000,
  }, async () => {
    const login = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(administrator),
    })
    const { token } = (await login.json()) as { token: string }
    const headers = { authorization: `Bearer ${token}` }
    const clients = startClients(
      server.url,
      [
        { method: 'POST', path: '/api/notes', body: { text: 'x' } },
        { method: 'GET', path: '/api/notes?limit=50' },
        { method: 'GET', path: '/api/groups', headers },
        { method: 'POST', path: '/api/endpoints/groups', headers, body: { name: '' } },
      ],
      4,
    )
    await until(async () => clients.received.length > 300)
    expect(await server.signal('SIGTERM')).toBe(0)
    await clients.stop()
    expect(clients.received.filter(({ status }) => status === null)).toEqual([])
    const kinds = new Set(clients.received.map(({ what, status }) => `${what} ${status}`))
    expect([...kinds].filter((kind) => !/ (200|201|400|503)$/.test(kind))).toEqual([])
    expect([...kinds].filter((kind) => kind.endsWith('200') || kind.endsWith('201'))).toHaveLength(3)
  })

  it('is not kept by a client that sends a byte now and then, and loses nothing of what it did', {
    timeout: 120_000,
  }, async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(
      'POST /api/notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n' +
        'expect: 100-continue\r\n\r\n',
    )
    await once(socket, 'data')
    const drip = setInterval(() => socket.write(' '), 200)
    const created = await fetch(`${server.url}/api/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'the last caller' },
      body: '{"text":"last"}',
    })
    expect(created.status).toBe(201)
    const begunMs = performance.now()
    const exitCode = await server.signal('SIGTERM')
    clearInterval(drip)
    socket.destroy()
    expect([exitCode, server.postgresPid()]).toEqual([0, null])
    // What systemd and compose grant before they kill it, and PostgreSQL with it.
    expect(performance.now() - begunMs).toBeLessThan(30_000)
    await server.start()
    const client = await server.client()
    const { data } = await client.call(listActivity, { query: { search: '/api/notes' } })
    expect(data.some((entry) => entry.userAgent === 'the last caller')).toBe(true)
  })
})
