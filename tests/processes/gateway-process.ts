import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './running-server.ts'

/** The real gateway in a process of its own. */
export interface GatewayProcess {
  /** Where clients reach it; changes with every start. */
  url(): string
  health(): Promise<GatewayHealth>
  /** Starts it (again) with what it has on disk and waits until it listens. */
  start(): Promise<void>
  /** Waits until it serves in step with the control plane. */
  live(): Promise<void>
  signal(signal: NodeJS.Signals): Promise<number | null>
  output(): string
  remove(): Promise<void>
}

export interface GatewayHealth {
  status: string
  configSource: string
  configVersion: number | null
}

const program = join(import.meta.dirname, '../../bin/holdfast.mjs')

export async function startGatewayProcess(options: {
  server: string
  key: string
  threads?: number
  more?: readonly string[]
}): Promise<GatewayProcess> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-gateway-'))
  let child: ChildProcess | undefined
  let output = ''

  const printed = (pattern: RegExp) => pattern.exec(output)?.[1]
  const url = () => `http://127.0.0.1:${printed(/Gateway ready at http:\/\/\S+:(\d+)/)}`
  const adminUrl = () => printed(/Health and metrics at (\S+)/)

  async function start(): Promise<void> {
    output = ''
    const args = ['--server', options.server, '--key', options.key, '--data', data]
    const listening = ['--host', '127.0.0.1', '--port', '0', '--admin-port', '0']
    const started = spawn(
      process.execPath,
      [
        program,
        'gateway',
        ...args,
        ...listening,
        '--threads',
        String(options.threads ?? 1),
        ...(options.more ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child = started
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(async () => {
      if (started.exitCode !== null) throw new Error(`The gateway ended: ${output}`)
      return adminUrl() !== undefined
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

  const health = async () => (await (await fetch(`${adminUrl()}/health`)).json()) as GatewayHealth
  await start()
  return {
    url,
    health,
    start,
    live: () => until(async () => (await health()).configSource === 'live'),
    signal,
    output: () => output,
    async remove() {
      await signal('SIGTERM')
      rmSync(data, { recursive: true })
    },
  }
}
