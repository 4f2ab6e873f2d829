import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readGatewayConfig } from '@holdfast/gateway/config'
import { createDataPlane } from '@holdfast/gateway/data-plane'
import { composeGateway } from '@holdfast/gateway/gateway'
import { openPlace } from '@holdfast/gateway/state/place'
import { systemClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { type FleetSettings, type FromFleet, preciseNowMs, type ToFleet } from './messages.ts'

/** Several whole gateways in one process, and for each a client that never stops asking. */
const settings = JSON.parse(process.argv[2] ?? '') as FleetSettings
const data = mkdtempSync(join(tmpdir(), 'bench-gateways-'))
const ids = createIds(systemClock)
const tell = (message: FromFleet) => process.send?.(message)

async function startGateway(key: string, index: number) {
  const own = join(data, String(index))
  const config = readGatewayConfig(
    ['--server', settings.server, '--key', key, '--port', '0', '--admin-port', 'off', '--data', own],
    {},
  )
  const dataPlane = createDataPlane({
    host: '127.0.0.1',
    port: 0,
    threads: 1,
    clock: systemClock,
    logger: silentLogger,
    trustedProxies: 0,
  })
  const gateway = composeGateway({
    config,
    place: await openPlace(own, key, ids.uuid),
    dataPlane,
    clock: systemClock,
    ids,
    logger: silentLogger,
    random: Math.random,
    hostname: 'bench',
    useless(sentence) {
      throw new Error(sentence)
    },
  })
  await gateway.lifecycle.start()
  while (gateway.condition().configSource !== 'live') await wait(5)
  return { gateway, port: dataPlane.port(), agent: new Agent({ keepAlive: true, maxSockets: 1 }) }
}

const gateways = await Promise.all(settings.keys.map(startGateway))

/** Asks one gateway until it refuses; answers when the last accepted request began. */
async function probe(
  { port, agent }: (typeof gateways)[number],
  { apiKey, pauseMs }: Extract<ToFleet, { type: 'probe' }>,
  accepted: () => void,
) {
  let lastAcceptedAtMs = 0
  let requests = 0
  for (;;) {
    const beganMs = preciseNowMs()
    const status = await ask(port, agent, apiKey)
    requests += 1
    if (status === 200) {
      if (lastAcceptedAtMs === 0) accepted()
      lastAcceptedAtMs = beganMs
    } else if (status === 401 && lastAcceptedAtMs > 0) return { lastAcceptedAtMs, requests }
    else if (status !== 401) throw new Error(`A gateway answered ${status}.`)
    await wait(pauseMs)
  }
}

function ask(port: number, agent: Agent, apiKey: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent, path: '/bench', headers: { 'x-api-key': apiKey } }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    }).once('error', reject)
  })
}

process.on('message', (message: ToFleet) => {
  if (message.type === 'stop') void stop()
  if (message.type === 'probe') void probeAll(message)
})

async function probeAll(order: Extract<ToFleet, { type: 'probe' }>): Promise<void> {
  let accepting = 0
  const results = await Promise.all(
    gateways.map((gateway) =>
      probe(gateway, order, () => {
        accepting += 1
        if (accepting === gateways.length) tell({ type: 'accepting' })
      }),
    ),
  )
  tell({
    type: 'refused',
    lastAcceptedAtMs: Math.max(...results.map(({ lastAcceptedAtMs }) => lastAcceptedAtMs)),
    requests: results.reduce((sum, { requests }) => sum + requests, 0),
  })
}

async function stop(): Promise<void> {
  await Promise.all(gateways.map(({ gateway }) => gateway.lifecycle.stop()))
  rmSync(data, { recursive: true, force: true })
  process.exit(0)
}

tell({ type: 'ready' })
