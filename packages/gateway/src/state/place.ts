import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Id } from '@holdfast/contracts/kit/id'
import { ensurePrivateDirectory, replaceFile } from './files.ts'

/** Where one gateway keeps what must outlive its process; nobody else may use it at the same time. */
export interface Place {
  directory: string
  /** Made once and kept. */
  gatewayId: string
  /** The process before ended without stopping: telemetry that was being gathered is lost. */
  endedBadly: boolean
  /** Why this gateway must not serve, from before; null when it may. */
  withdrawn(): string | null
  withdraw(sentence: string): Promise<void>
  reinstate(): Promise<void>
  /** The process ends as it should. */
  leave(): Promise<void>
}

export class PlaceTakenError extends Error {
  override readonly name = 'PlaceTakenError'
}

/** Opens the folder of this key below the data directory. Throws PlaceTakenError when another process holds it. */
export async function openPlace(dataDirectory: string, apiKey: string, newId: () => string): Promise<Place> {
  const keyDigest = createHash('sha256').update(apiKey).digest('hex')
  const directory = join(dataDirectory, 'gateway', keyDigest.slice(0, 16))
  await ensurePrivateDirectory(directory)
  const lock = await takeLock(directory)
  const idPath = join(directory, 'gateway-id')
  const known = Id.safeParse((await readText(idPath))?.trim())
  const gatewayId = known.success ? known.data : newId()
  if (!known.success) await replaceFile(idPath, `${gatewayId}\n`)
  const runningPath = join(directory, 'running')
  const withdrawnPath = join(directory, 'withdrawn')
  const endedBadly = (await readText(runningPath)) !== null
  let withdrawn = (await readText(withdrawnPath))?.trim() ?? null
  await replaceFile(runningPath, `${process.pid}\n`)
  return {
    directory,
    gatewayId,
    endedBadly,
    withdrawn: () => withdrawn,
    async withdraw(sentence) {
      withdrawn = sentence
      await replaceFile(withdrawnPath, `${sentence}\n`)
    },
    async reinstate() {
      if (withdrawn === null) return
      withdrawn = null
      await rm(withdrawnPath, { force: true })
    },
    async leave() {
      await rm(runningPath, { force: true })
      await new Promise<void>((resolve) => void lock.close(() => resolve()))
    },
  }
}

/** A socket is let go by the operating system however the process ends, so a lock cannot be left behind. */
async function takeLock(directory: string): Promise<Server> {
  const path = lockPath(directory)
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(path)
    if (server !== null) return server
    if (attempt > 1 || (await isAnswered(path))) {
      throw new PlaceTakenError(
        `Another gateway with this key runs here and uses ${directory}. Stop it, or give this one a HOLDFAST_DATA of its own.`,
      )
    }
    await rm(path, { force: true })
  }
}

/** The path of a unix socket is limited to about 100 bytes. */
function lockPath(directory: string): string {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\holdfast-gateway-${name}`
  const path = join(directory, 'lock')
  return path.length < 100 ? path : join(tmpdir(), `holdfast-gateway-${name}.lock`)
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
}
