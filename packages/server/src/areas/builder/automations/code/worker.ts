import { parentPort } from 'node:worker_threads'
import { type FromWorker, sandboxMemoryBytes, type ToWorker } from './protocol.ts'
import { createSandbox, loadQuickJs, type Sandbox } from './sandbox.ts'

/** The thread that runs user code, one run after the other, each in a sandbox that was made for it beforehand. */
const port = parentPort
if (port === null) throw new Error('This file is run as a worker thread.')
const send = (message: FromWorker) => port.postMessage(message)
const quickJs = await loadQuickJs(sandboxMemoryBytes)
const make = () => createSandbox(quickJs, (call, name, text) => send({ kind: 'call', call, name, text }))
let sandbox: Sandbox = make()

async function run(message: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
  const current = sandbox
  const outcome = await current.run(message.run)
  send({ kind: 'done', outcome })
  // The server ends a spent worker; there is nothing to tidy up in it.
  if (outcome.spent) return
  current.dispose()
  sandbox = make()
  send({ kind: 'ready' })
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'run') void run(message)
  else sandbox.answer(message.call, message.ok, message.text)
})
send({ kind: 'ready' })
