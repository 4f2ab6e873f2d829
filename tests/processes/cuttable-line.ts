import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP line to a server that can be cut and mended. */
export interface CuttableLine {
  url: string
  cut(): void
  /** Cuts once the server has said so many bytes more, wherever in a message that is; later connections pass. */
  cutAfter(bytes: number): Promise<void>
  mend(): void
  stop(): void
}

export async function createLine(target: string): Promise<CuttableLine> {
  const { port } = new URL(target)
  const sockets = new Set<Socket>()
  let isCut = false
  let toPass: { bytes: number; done: () => void } | null = null
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(Number(port), '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      if (from === near) from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    far.on('data', (chunk: Buffer) => {
      if (toPass === null || chunk.length < toPass.bytes) {
        if (toPass !== null) toPass.bytes -= chunk.length
        near.write(chunk)
        return
      }
      const { bytes, done } = toPass
      toPass = null
      near.end(chunk.subarray(0, bytes))
      far.destroy()
      done()
    })
    far.on('end', () => near.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut,
    cutAfter: (bytes) => new Promise((done) => (toPass = { bytes, done })),
    mend: () => (isCut = false),
    stop() {
      cut()
      server.close()
    },
  }
}
