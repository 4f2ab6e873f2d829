// A plugin of Holdfast in one file, without dependencies. It keeps a tally of orders: before an order is created it
// checks and completes it, afterwards it is told, and meanwhile it says every so often that it is there.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const {
  HOLDFAST_URL = 'http://localhost:3000',
  // An administrator's token with the scope plugins:*; needed once, to register.
  HOLDFAST_TOKEN,
  PLUGIN_PORT = '4100',
  // Where Holdfast reaches this program.
  PLUGIN_URL,
  // Where it keeps its own token and signing secret.
  PLUGIN_STATE = 'plugin-state.json',
  // The endpoint whose records it looks at.
  PLUGIN_ENDPOINT = '/api/orders',
} = process.env

const pluginId = 'order-tally'
const bodyBytesMax = 1_048_576
const ageSecondsMax = 300
const tally = { created: 0, refused: 0 }
let config = {}

const log = (message, facts = {}) => console.log(JSON.stringify({ message, ...facts }))

async function call(method, path, token, body) {
  const response = await fetch(HOLDFAST_URL + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.error}`)
  return answer.data
}

/** Registers at the first start; afterwards the state file has what is needed. */
async function identity(url) {
  const stored = await readFile(PLUGIN_STATE, 'utf8').catch(() => null)
  if (stored !== null) return JSON.parse(stored)
  if (!HOLDFAST_TOKEN) throw new Error('Set HOLDFAST_TOKEN to a token with the scope plugins:* to register.')
  const answer = await call('POST', '/api/plugins', HOLDFAST_TOKEN, {
    id: pluginId,
    name: 'Order tally',
    version: '1.0.0',
    description: 'Checks orders before they are created, and counts them.',
    url,
    health_check: `${url}/health`,
    heartbeat_seconds: 30,
    events: ['user.created'],
    hooks: [
      {
        when: 'before',
        endpoint: PLUGIN_ENDPOINT,
        operations: ['create'],
        timeout_ms: 2_000,
        on_failure: 'closed',
      },
      { when: 'after', endpoint: PLUGIN_ENDPOINT, operations: ['create'] },
    ],
    scopes: ['records:read'],
  })
  const own = { token: answer.token, secret: answer.signing_secret }
  await writeFile(PLUGIN_STATE, JSON.stringify(own), { mode: 0o600 })
  log('registered', { plugin: answer.plugin_id })
  return own
}

/** Whether Holdfast sent this, and lately: the signature covers the time and the body. */
function isGenuine({ headers }, body, secret) {
  const timestamp = String(headers['x-webhook-timestamp'])
  if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) <= ageSecondsMax)) return false
  const expected = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
  const given = Buffer.from(String(headers['x-webhook-signature-256']))
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected))
}

/** The answer to a before hook: agree, refuse with a sentence, or hand on another body. */
function decide(order) {
  const quantityMax = config.quantity_max ?? 100
  if (!(order?.quantity > 0 && order.quantity <= quantityMax)) {
    tally.refused += 1
    return { allow: false, message: `The quantity must be between 1 and ${quantityMax}.` }
  }
  return { body: { ...order, status: order.status ?? 'checked' } }
}

function take({ event, data }) {
  if (event === 'record.before_create') return decide(data.body)
  if (event === 'record.created') tally.created += 1
  log('told', { event, tally })
  return null
}

async function read(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > bodyBytesMax) throw new Error('The body is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

let own

async function respond(request, response) {
  try {
    if (request.method === 'GET') return response.end(JSON.stringify({ status: 'well', tally }))
    const body = await read(request)
    if (own === undefined || !isGenuine(request, body, own.secret)) return response.writeHead(401).end()
    const answer = take(JSON.parse(body))
    if (answer === null) return response.writeHead(204).end()
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  } catch (error) {
    log('failed', { error: error.message })
    return response.writeHead(400).end()
  }
}

const server = createServer((request, response) => void respond(request, response))

let timer
let isStopping = false
let configVersion = 0

async function beat() {
  let waitSeconds = 30
  try {
    const answer = await call('POST', `/api/plugins/${pluginId}/heartbeat`, own.token, { status: 'healthy' })
    waitSeconds = answer.next_heartbeat_seconds
    if (answer.config_version !== configVersion) {
      config = await call('GET', `/api/plugins/${pluginId}/config`, own.token)
      configVersion = answer.config_version
      log('configured', { version: configVersion })
    }
    log('heartbeat', { status: answer.status })
  } catch (error) {
    log('heartbeat failed', { error: error.message })
  }
  if (!isStopping) timer = setTimeout(() => void beat(), waitSeconds * 1_000)
}

async function start() {
  const url = PLUGIN_URL ?? `http://127.0.0.1:${server.address().port}`
  try {
    own = await identity(url)
  } catch (error) {
    log('could not start', { error: error.message })
    process.exitCode = 1
    server.close()
    return
  }
  await beat()
}

server.listen(Number(PLUGIN_PORT), () => void start())

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    isStopping = true
    clearTimeout(timer)
    server.close()
    server.closeAllConnections()
  })
