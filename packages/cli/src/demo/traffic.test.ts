import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createRandom } from './random.ts'
import { sendTraffic } from './traffic.ts'

async function startGateway() {
  const asked: { url: string; key: string | undefined }[] = []
  const server = createServer((request, response) => {
    const key = request.headers['x-api-key']
    asked.push({ url: request.url ?? '', key: typeof key === 'string' ? key : undefined })
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { asked, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

it('nothing is sent before the gateway at the address is known to be ours', async () => {
  const { asked, server, url } = await startGateway()
  const ending = new AbortController()
  const answers = [false, true]
  const askedWhenLooking: number[] = []
  const traffic = sendTraffic({
    gatewayUrl: url,
    keys: new Map(),
    isOurs: async () => {
      askedWhenLooking.push(asked.length)
      return answers.shift() ?? false
    },
    random: createRandom(1),
    signal: ending.signal,
  })
  await once(server, 'request')
  expect(askedWhenLooking).toEqual([0, 0])
  ending.abort()
  await traffic
})

it('consumers ask with their key, and those whose key is not known ask nothing', async () => {
  const { asked, server, url } = await startGateway()
  const ending = new AbortController()
  const traffic = sendTraffic({
    gatewayUrl: url,
    keys: new Map([['Warehouse', 'key-of-warehouse']]),
    isOurs: async () => true,
    random: createRandom(1),
    signal: ending.signal,
  })
  while (asked.length < 12) await once(server, 'request')
  ending.abort()
  await traffic
  expect(asked.some(({ key }) => key === 'key-of-warehouse')).toBe(true)
  expect(
    asked.filter(({ url: path, key }) => path === '/search' || (key !== 'key-of-warehouse' && key)),
  ).toEqual([])
})
