import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGroup } from '@holdfast/contracts/identity/groups'
import { createClient } from '@holdfast/contracts/kit/client'
import { createWebhook } from '@holdfast/contracts/platform/webhooks'
import { freePort, memoryMb, startPinned, untilAnswer } from '../lib/processes.ts'

/**
 * Webhook deliveries a second, from the change to the receiver: server and PostgreSQL share core 0, the receivers have
 * core 1. Groups are created over HTTP; each is an event that every webhook gets. What is measured is all of it: the
 * change with its audit entry, the fan-out, claiming, signing, sending, and the log. The target is 500 a second.
 *
 *   npm run bench:webhooks [-- --quick]
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const webhookCount = 50
const eventCount = options.quick ? 60 : 400
const targetPerSecond = 500
const administrator = { login: 'bench', password: 'Bench-password-1' }

if (availableParallelism() < 2)
  throw new Error('The benchmark needs two cores: one for the server, one for the receivers.')

const data = mkdtempSync(join(tmpdir(), 'bench-webhooks-'))
// As root, PostgreSQL runs as another user, who must be able to reach the folder.
chmodSync(data, 0o711)
const [port, receiverPort] = [await freePort(), await freePort()]
const url = `http://127.0.0.1:${port}`
const receiverUrl = `http://127.0.0.1:${receiverPort}`
const receiver = startPinned(1, [
  process.execPath,
  join(import.meta.dirname, 'receiver-main.ts'),
  String(receiverPort),
])
const server = startPinned(
  0,
  [process.execPath, join(import.meta.dirname, '../../packages/server/src/main.ts')],
  {
    PORT: String(port),
    HOLDFAST_DATA: data,
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
    HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1',
  },
)

try {
  await untilAnswer(`${receiverUrl}/count`, receiver)
  await untilAnswer(`${url}/health`, server)
  const signedIn = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const { token } = (await signedIn.json()) as { token: string }
  const client = createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) })
  for (let index = 0; index < webhookCount; index += 1)
    await client.call(createWebhook, {
      body: { name: `Bench ${index}`, url: `${receiverUrl}/${index}`, events: ['group.created'] },
    })

  const measure = async (name: string, events: number) => {
    const before = await received()
    const startedMs = performance.now()
    for (let index = 0; index < events; index += 1)
      await client.call(createGroup, { body: { name: `${name} ${index}` } })
    const changedMs = performance.now() - startedMs
    const wanted = before + events * webhookCount
    while ((await received()) < wanted) await new Promise((resolve) => setTimeout(resolve, 50))
    return { changedMs, tookMs: performance.now() - startedMs }
  }
  await measure('Warm', 20)
  const { changedMs, tookMs } = await measure('Measured', eventCount)
  const deliveries = eventCount * webhookCount
  const perSecond = Math.round((deliveries / tookMs) * 1_000)
  console.log(
    `${deliveries} deliveries of ${eventCount} events to ${webhookCount} webhooks in ${Math.round(tookMs)} ms`,
  )
  console.log(`of that, the changes themselves took ${Math.round(changedMs)} ms`)
  console.log(
    `${perSecond} deliveries a second (target ${targetPerSecond}), ${Math.round(memoryMb(server.pid))} MB`,
  )
  if (perSecond < targetPerSecond) process.exitCode = 1
} finally {
  await server.stop()
  await receiver.stop()
  rmSync(data, { recursive: true, force: true })
}

async function received(): Promise<number> {
  return Number(await (await fetch(`${receiverUrl}/count`)).text())
}
