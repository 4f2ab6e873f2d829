import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from './random.ts'

interface TrafficNeeds {
  gatewayUrl: string
  /** Keys of consumers by their names; who is not among them asks nothing. */
  keys: ReadonlyMap<string, string>
  /** Whether the gateway at that address is ours: nothing is ever sent to somebody else's program. */
  isOurs: () => Promise<boolean>
  random: Random
  signal: AbortSignal
}

interface DemoRequest {
  /** How often, compared with the others. */
  share: number
  method: 'GET' | 'POST'
  path: (random: Random) => string
  consumer: string | null
}

const orderPath = (random: Random) => `/orders/${random.integer(1_000, 9_999)}`

/** Mostly good, a little of everything that a gateway meets. */
const requests: readonly DemoRequest[] = [
  { share: 30, method: 'GET', path: orderPath, consumer: 'Mobile app' },
  { share: 12, method: 'GET', path: () => '/orders', consumer: 'Mobile app' },
  { share: 8, method: 'POST', path: () => '/orders', consumer: 'Mobile app' },
  { share: 16, method: 'GET', path: orderPath, consumer: 'Warehouse' },
  { share: 4, method: 'GET', path: (random) => `${orderPath(random)}/invoice`, consumer: 'Warehouse' },
  { share: 16, method: 'GET', path: () => '/search', consumer: 'Price comparison' },
  { share: 10, method: 'GET', path: () => '/api/products', consumer: null },
  { share: 2, method: 'GET', path: orderPath, consumer: null },
  { share: 1, method: 'GET', path: () => '/favicon.ico', consumer: null },
  { share: 0.3, method: 'POST', path: () => '/payments', consumer: 'Mobile app' },
]
/** The first ones come fast, so that the pages show something at once. */
const burst = 200
const burstPauseMs = 40
const pauseMs = { from: 200, to: 1_200 }
const lookAgainMs = 1_000

/** Sends requests through the gateway until `signal`; waits while it is away. Each request is real. */
export async function sendTraffic({ gatewayUrl, keys, isOurs, random, signal }: TrafficNeeds): Promise<void> {
  const possible = requests.filter(({ consumer }) => consumer === null || keys.has(consumer))
  let sent = 0
  let known = false
  while (!signal.aborted) {
    if (!known && !(await isOurs().catch(() => false))) {
      await pause(lookAgainMs, signal)
      continue
    }
    known = await send(gatewayUrl, pick(possible, random), keys, random, signal)
    sent += 1
    await pause(sent < burst ? burstPauseMs : random.integer(pauseMs.from, pauseMs.to), signal)
  }
}

/** False when nobody answered: then the gateway has to be looked for again. */
async function send(
  gatewayUrl: string,
  { method, path, consumer }: DemoRequest,
  keys: ReadonlyMap<string, string>,
  random: Random,
  signal: AbortSignal,
): Promise<boolean> {
  const key = consumer === null ? undefined : keys.get(consumer)
  const headers = { 'user-agent': consumer ?? 'Browser', ...(key !== undefined && { 'x-api-key': key }) }
  const body = method === 'POST' ? JSON.stringify({ quantity: random.integer(1, 5) }) : null
  try {
    const response = await fetch(gatewayUrl + path(random), { method, headers, body, signal })
    await response.arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** One of them, each as often as its share says. */
function pick(possible: readonly DemoRequest[], random: Random): DemoRequest {
  const shares = possible.reduce((sum, { share }) => sum + share, 0)
  let left = (random.integer(0, 9_999) / 10_000) * shares
  return possible.find(({ share }) => (left -= share) < 0) ?? random.pick(possible)
}

const pause = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }).catch(() => undefined)
