import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FromFleet, ToFleet } from './messages.ts'

/** So many gateways in one process at most. */
const gatewaysPerProcess = 25

export interface Fleets {
  /** Clients of every gateway use this key from now on; resolves when every gateway has accepted it. */
  probe(apiKey: string, pauseMs: number): Promise<void>
  /** When the last request that any gateway accepted began; resolves when all refuse. */
  refused(): Promise<{ lastAcceptedAtMs: number; requests: number }>
  stop(): Promise<void>
}

/** Starts one gateway for each key. */
export async function startFleets(server: string, keys: readonly string[]): Promise<Fleets> {
  const children: ChildProcess[] = []
  for (let start = 0; start < keys.length; start += gatewaysPerProcess) {
    const settings = { server, keys: keys.slice(start, start + gatewaysPerProcess) }
    children.push(fork(join(import.meta.dirname, 'fleet.ts'), [JSON.stringify(settings)]))
  }
  const next = async <Type extends FromFleet['type']>(type: Type) =>
    await Promise.all(
      children.map(
        (child) =>
          new Promise<Extract<FromFleet, { type: Type }>>((resolve, reject) => {
            const ended = () => reject(new Error('A process of gateways has ended.'))
            child.once('exit', ended)
            child.on('message', function take(message: FromFleet) {
              if (message.type !== type) return
              child.off('message', take)
              child.off('exit', ended)
              resolve(message as Extract<FromFleet, { type: Type }>)
            })
          }),
      ),
    )
  const tell = (message: ToFleet) => {
    for (const child of children) child.send(message)
  }
  await next('ready')
  let refusals: ReturnType<typeof next<'refused'>> | null = null
  return {
    async probe(apiKey, pauseMs) {
      const accepting = next('accepting')
      refusals = next('refused')
      tell({ type: 'probe', apiKey, pauseMs })
      await accepting
    },
    async refused() {
      const all = (await refusals) ?? []
      return {
        lastAcceptedAtMs: Math.max(...all.map(({ lastAcceptedAtMs }) => lastAcceptedAtMs)),
        requests: all.reduce((sum, { requests }) => sum + requests, 0),
      }
    },
    async stop() {
      const ended = children.map((child) => once(child, 'exit'))
      tell({ type: 'stop' })
      await Promise.all(ended)
    },
  }
}
