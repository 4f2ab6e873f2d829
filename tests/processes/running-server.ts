import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@holdfast/contracts/kit/client'

/** The real server in a process of its own, with its private PostgreSQL, for tests that kill things. */
export interface RunningServer {
  url: string
  /** Its data directory; gone with it. */
  data: string
  /** What it has printed since its last start. */
  output(): string
  /** Starts it (again) and waits until it answers. */
  start(): Promise<void>
  /** Resolves when the process is gone; answers its exit code. */
  signal(signal: NodeJS.Signals): Promise<number | null>
  /** A client of the administrator. */
  client(): Promise<Client>
  /** Process id of PostgreSQL, or null when none runs in the data directory. */
  postgresPid(): number | null
  /** An endpoint for reading and creating records of any shape, open to everybody. */
  defineEndpoint(path: string): Promise<void>
  /** Stops everything and removes the data. */
  remove(): Promise<void>
}

const program = join(import.meta.dirname, '../../bin/holdfast.mjs')
const main = join(import.meta.dirname, '../../packages/server/src/main.ts')
export const administrator = { login: 'tester', password: 'Test-password-1' }
const startTimeoutMs = 60_000

/** `environment` is set beside what every such server gets. */
export async function createRunningServer(environment: Record<string, string> = {}): Promise<RunningServer> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-process-'))
  // As root, PostgreSQL runs as another user, who must be able to reach the folder.
  chmodSync(data, 0o711)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        PORT: String(port),
        HOLDFAST_DATA: data,
        HOLDFAST_GATEWAY_PORT: '0',
        HOLDFAST_LOG_LEVEL: 'error',
        HOLDFAST_ADMIN_LOGIN: administrator.login,
        HOLDFAST_ADMIN_PASSWORD: administrator.password,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    output = ''
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(async () => {
      if (started.exitCode !== null) throw new Error(`The server ended: ${output}`)
      return (await fetch(`${url}/health/ready`)).ok
    })
  }

  async function signal(name: NodeJS.Signals): Promise<number | null> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null
    const ended = once(child, 'exit')
    child.kill(name)
    await ended
    return child.exitCode
  }

  function postgresPid(): number | null {
    const base = join(data, 'postgres')
    for (const version of existsSync(base) ? readdirSync(base) : []) {
      const path = [
        join(base, version, 'postmaster.pid'),
        join(base, version, 'data', 'postmaster.pid'),
      ].find((candidate) => existsSync(candidate))
      const pid = path === undefined ? Number.NaN : Number(readFileSync(path, 'utf8').split('\n', 1)[0])
      if (Number.isInteger(pid) && existsSync(`/proc/${pid}`)) return pid
    }
    return null
  }

  async function send(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
    return answer
  }

  return {
    url,
    data,
    output: () => output,
    start,
    signal,
    postgresPid,
    async client() {
      const { token } = await send('/api/auth/login', administrator)
      return createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${String(token)}` }) })
    },
    async defineEndpoint(path) {
      const { token } = await send('/api/auth/login', administrator)
      for (const method of ['GET', 'POST']) {
        await send(
          '/api/endpoints',
          { name: `Faults ${method}`, path, method, accessType: 'public' },
          { authorization: `Bearer ${String(token)}` },
        )
      }
    },
    async remove() {
      await signal('SIGTERM')
      const left = postgresPid()
      if (left !== null) process.kill(left, 'SIGQUIT')
      await until(async () => postgresPid() === null)
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Runs a command as an operator does; answers what it printed and how it ended. */
export async function runCommand(
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}

/** Asks again and again; errors of the connection mean "not yet". */
export async function until(isTrue: () => Promise<boolean>, timeoutMs = startTimeoutMs): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    try {
      if (await isTrue()) return
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
    if (Date.now() > deadlineMs)
      throw new Error(`What was waited for did not happen in ${timeoutMs / 1_000} seconds.`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
