import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound, type OutboundOptions } from './client.ts'
import { OutboundError } from './errors.ts'
import { createAddressRules } from './rules.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function client(options: Partial<OutboundOptions> = {}) {
  const outbound = createOutbound({ allow: ['127.0.0.1'], ...options })
  closers.push(async () => outbound.part.stop?.())
  return outbound
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let calls = 0
  const server: Server = createServer((request, response) => {
    calls += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, calls: () => calls }
}

const bounds = { timeoutMs: 5_000, responseBytesMax: 1_000 }
const failureOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof OutboundError ? error.failure : error
}

describe('which addresses are reached', () => {
  const outOfBounds = [
    ['0.0.0.0', 'this machine'],
    ['127.0.0.1', 'this machine'],
    ['127.255.255.254', 'this machine'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.100.100.200', 'private'],
    ['169.254.169.254', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['192.0.0.192', 'not for the public'],
    ['198.18.0.1', 'not for the public'],
    ['203.0.113.9', 'not for the public'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['240.0.0.1', 'not for the public'],
    ['::', 'this machine'],
    ['::1', 'this machine'],
    ['::ffff:127.0.0.1', 'this machine'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:10.0.0.1', 'private'],
    ['fe80::1', 'metadata'],
    ['fe80::1%eth0', 'metadata'],
    ['fd00:ec2::254', 'private'],
    ['fc00::1', 'private'],
    ['ff02::1', 'multicast'],
    ['64:ff9b::7f00:1', 'not for the public'],
    ['64:ff9b:1::1', 'not for the public'],
    ['2002:7f00:1::', 'not for the public'],
    ['2001::1', 'not for the public'],
    ['::7f00:1', 'not for the public'],
    ['fec0::1', 'not for the public'],
    ['2001:db8::1', 'not for the public'],
    ['4000::1', 'not for the public'],
  ] as const

  it.each(outOfBounds)('%s is refused', (address, why) => {
    expect(createAddressRules([]).refusal('example.com', address)).toContain(why)
  })

  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
    '::ffff:1.1.1.1',
  ])('%s is admitted', (address) => {
    expect(createAddressRules([]).refusal('example.com', address)).toBeNull()
  })

  it('admits what the operator names, and nothing beside it', () => {
    const rules = createAddressRules(['10.1.0.0/16', '::1', 'Hooks.Internal', '*.svc.local', '192.168.7.7'])
    expect(rules.refusal('a', '10.1.255.1')).toBeNull()
    expect(rules.refusal('a', '::ffff:10.1.0.1')).toBeNull()
    expect(rules.refusal('a', '10.2.0.1')).toContain('private')
    expect(rules.refusal('a', '::1')).toBeNull()
    expect(rules.refusal('a', '192.168.7.7')).toBeNull()
    expect(rules.refusal('a', '192.168.7.8')).toContain('private')
    expect(rules.refusal('hooks.internal.', '10.9.9.9')).toBeNull()
    expect(rules.refusal('evil-hooks.internal', '10.9.9.9')).toContain('private')
    expect(rules.refusal('a.svc.local', '127.0.0.1')).toBeNull()
    expect(rules.refusal('svc.local', '127.0.0.1')).toContain('this machine')
  })

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://0/',
    'http://１２７.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'javascript:alert(1)',
    'http://user:secret@example.com/',
    'nonsense',
    '',
  ])('the URL %s is refused before anything is connected', async (url) => {
    const outbound = client({ allow: [] })
    expect(() => outbound.check(url)).toThrow(OutboundError)
    expect(await failureOf(outbound.request({ method: 'GET', url, ...bounds }))).toBe('refused')
  })

  it('looks at what a name resolves to, when it is saved and when it is called', async () => {
    const receiver = await listen((_, response) => response.end('reached'))
    const outbound = client({ allow: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
    const url = `http://looks-public.example:${receiver.port}/`
    expect(await failureOf(outbound.checkResolved(url))).toBe('refused')
    expect(await failureOf(outbound.request({ method: 'GET', url, ...bounds }))).toBe('refused')
    expect(
      await failureOf(
        client({ allow: [] }).request({
          method: 'GET',
          url: `http://localhost:${receiver.port}/`,
          ...bounds,
        }),
      ),
    ).toBe('refused')
    expect(receiver.calls()).toBe(0)
  })

  it('connects to the address it looked at: a name that changes its mind gains nothing', async () => {
    const receiver = await listen((_, response) => response.end('reached'))
    let asked = 0
    const outbound = client({
      allow: ['127.0.0.1'],
      resolve: async () => [{ address: ++asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }],
    })
    const url = `http://rebinding.example:${receiver.port}/`
    expect((await outbound.request({ method: 'GET', url, ...bounds })).body.toString()).toBe('reached')
    expect(asked).toBe(1)
    const fresh = client({ allow: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
    expect(await failureOf(fresh.request({ method: 'GET', url, ...bounds }))).toBe('refused')
    expect(receiver.calls()).toBe(1)
  })

  it('of several addresses only those that are admitted are tried', async () => {
    const receiver = await listen((_, response) => response.end('reached'))
    const outbound = client({
      allow: ['127.0.0.1'],
      resolve: async () => [
        { address: '127.0.0.3', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    const answer = await outbound.request({
      method: 'GET',
      url: `http://two.example:${receiver.port}/`,
      ...bounds,
    })
    expect(answer.status).toBe(200)
  })
})

describe('what comes back', () => {
  it('a redirect is an answer and is not followed', async () => {
    const target = await listen((_, response) => response.end('secret'))
    const receiver = await listen((_, response) => response.writeHead(302, { location: target.url }).end())
    const answer = await client().request({ method: 'GET', url: receiver.url, ...bounds })
    expect([answer.status, answer.headers.location, target.calls()]).toEqual([302, target.url, 0])
  })

  it('a long body is cut off, even when it never ends', async () => {
    const receiver = await listen((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', more)
      }
      more()
    })
    const answer = await client().request({ method: 'GET', url: receiver.url, ...bounds })
    expect([answer.body.length, answer.truncated]).toEqual([1_000, true])
  })

  it('a receiver that never answers, and one that drips, end at the time limit', async () => {
    const silent = await listen(() => {})
    const dripping = await listen((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(timer))
    })
    for (const { url } of [silent, dripping]) {
      const call = client().request({ method: 'GET', url, timeoutMs: 200, responseBytesMax: 100_000 })
      expect(await failureOf(call)).toBe('timeout')
    }
  })

  it('a call ends with its signal', async () => {
    const silent = await listen(() => {})
    const stop = new AbortController()
    const call = client().request({ method: 'GET', url: silent.url, ...bounds, signal: stop.signal })
    stop.abort()
    expect(await failureOf(call)).toBe('cancelled')
  })

  it('nobody there, and a name that does not exist, are told apart', async () => {
    expect(await failureOf(client().request({ method: 'GET', url: 'http://127.0.0.1:1/', ...bounds }))).toBe(
      'connection',
    )
    const unresolved = client({
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    })
    expect(
      await failureOf(unresolved.request({ method: 'GET', url: 'http://nowhere.example/', ...bounds })),
    ).toBe('unresolvable')
    await expect(unresolved.checkResolved('http://nowhere.example/')).resolves.toBeInstanceOf(URL)
  })

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'connection'])(
    'the header %s is refused',
    async (name) => {
      const receiver = await listen((_, response) => response.end())
      const call = client().request({
        method: 'POST',
        url: receiver.url,
        headers: { [name]: '1' },
        body: 'x',
        ...bounds,
      })
      expect(await failureOf(call)).toBe('refused')
      expect(receiver.calls()).toBe(0)
    },
  )
})
