import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@holdfast/contracts/kit/client'

const program = fileURLToPath(new URL('../../../bin/holdfast.mjs', import.meta.url))
const startWithinMs = 60_000
const stopWithinMs = 30_000

/** The administrator of a stack that skips the first run. */
export const stackAdmin = { login: 'admin', password: 'correct horse battery staple' } as const

/** The whole product as `npm start` runs it: its own processes, its own private database, a free port. */
export interface Stack {
  url: string
  /** Signs in and answers a client with that credential, for what a journey needs and does not try. */
  signIn(login: string, password: string): Promise<{ client: Client; token: string }>
  stop(): Promise<void>
}

export interface StackOptions {
  /** Nobody exists yet and the wizard waits. */
  firstRun?: boolean
  /** The Node that the command is given to. */
  node?: string
  /** Beside what every stack gets. */
  environment?: Record<string, string>
}

/** Starts a stack of its own. */
export async function startStack({
  firstRun = false,
  node = process.execPath,
  environment = {},
}: StackOptions = {}): Promise<Stack> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-stack-'))
  // Run by root, PostgreSQL becomes another user, who has to get through to its own folder inside.
  chmodSync(data, 0o711)
  const child = spawn(node, [program, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutOurs(process.env),
      PORT: '0',
      HOLDFAST_DATA: data,
      HOLDFAST_GATEWAY_PORT: '0',
      HOLDFAST_LOG_LEVEL: 'warn',
      ...(firstRun
        ? {}
        : { HOLDFAST_ADMIN_LOGIN: stackAdmin.login, HOLDFAST_ADMIN_PASSWORD: stackAdmin.password }),
      ...environment,
    },
  })
  const stop = async () => {
    await end(child)
    rmSync(data, { recursive: true, force: true })
  }
  try {
    const url = await address(child)
    return { url, stop, signIn: (login, password) => signIn(url, login, password) }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A developer's own settings must not reach the stack under test. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('HOLDFAST_') && name !== 'DATABASE_URL' && name !== 'HOST',
    ),
  )
}

/** The address that the program prints when it is ready; what it printed instead, when it ends before that. */
async function address(child: ChildProcess): Promise<string> {
  let printed = ''
  const late = AbortSignal.timeout(startWithinMs)
  return await new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const found = /ready at (http:\/\/\S+)/.exec(printed)?.[1]
      if (found !== undefined) resolve(found.replace('localhost', '127.0.0.1'))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) =>
      reject(new Error(`The stack ended with ${code} before it was ready:\n${printed}`)),
    )
    late.addEventListener('abort', () => reject(new Error(`The stack was not ready in time:\n${printed}`)))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(stopWithinMs) })
  child.kill('SIGTERM')
  await ended
}

async function signIn(url: string, login: string, password: string) {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const answer: unknown = await response.json()
  const token = response.ok ? tokenIn(answer) : undefined
  if (token === undefined) throw new Error(`Signing in as ${login} was answered ${response.status}.`)
  return {
    token,
    client: createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) }),
  }
}

function tokenIn(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) return undefined
  const { data } = answer
  if (typeof data !== 'object' || data === null || !('accessToken' in data)) return undefined
  return typeof data.accessToken === 'string' ? data.accessToken : undefined
}
