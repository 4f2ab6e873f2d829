import type { Writable } from 'node:stream'

/**
 * Resolves when `stream` takes more, or nobody reads from it any more. Leaves no listener behind: a stream of events
 * waits as often as its reader is slow.
 */
export function drained(stream: Pick<Writable, 'on' | 'off'>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    stream.on('close', done)
  })
}
