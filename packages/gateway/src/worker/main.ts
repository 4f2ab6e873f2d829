import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread, ThreadOrder, ToThread } from './messages.ts'
import { createThread, type ThreadSettings } from './thread.ts'

/** A worker thread: carries out what the main thread says, one order after another. */
const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread of the gateway.')

const send = (message: FromThread) => port.postMessage(message)
const thread = createThread(workerData as ThreadSettings, Date.now, (events) =>
  send({ type: 'events', events }),
)

/** `async`, so that what is thrown at once and what is rejected later come the same way. */
async function carryOut(order: ThreadOrder): Promise<number | null> {
  if (order.type === 'listen') return thread.listen(order.port, order.reusePort)
  if (order.type === 'prepare') thread.prepare(order.change, order.slots)
  else if (order.type === 'publish') thread.publish(order.path, order.page)
  else if (order.type === 'suspend') thread.suspend(order.isSuspended)
  else if (order.type === 'commit') thread.commit()
  else if (order.type === 'discard') thread.discard()
  else if (order.type === 'drain') await thread.drain()
  else await thread.stop()
  return null
}

port.on('message', ({ id, order }: ToThread) => {
  carryOut(order).then(
    (value) => send({ type: 'done', id, value }),
    (error: unknown) => {
      const { message, code = null } = error as NodeJS.ErrnoException
      send({ type: 'failed', id, reason: message, code })
    },
  )
})
