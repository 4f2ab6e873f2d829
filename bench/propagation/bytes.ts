import { ServerMessage } from '@holdfast/contracts/gateway/link'
import type { ControlPlane } from './control-plane.ts'

/** Bytes that one gateway is sent: for everything once, and then for the revocation of one consumer. */
export async function measureBytes(control: ControlPlane): Promise<{ snapshot: number; change: number }> {
  const { id } = await control.createConsumer()
  const { key, revoke } = await control.gatewayKey()
  const socket = new WebSocket(`${control.url.replace('http', 'ws')}/gateway-ws`)
  let bytes = 0
  let whenSet: () => void = () => undefined
  const nextRevision = () => new Promise<void>((resolve) => (whenSet = resolve))
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ type: 'auth', payload: { apiKey: key, protocol: 2 } }))
  })
  socket.addEventListener('message', ({ data }) => {
    const text = String(data)
    const message = ServerMessage.parse(JSON.parse(text))
    if (message.type !== 'config.snapshot' && message.type !== 'config.changes') return
    bytes += Buffer.byteLength(text)
    const isWhole = message.type === 'config.changes' || message.payload.part === message.payload.parts
    const last = message.type === 'config.changes' ? message.payload.changes.at(-1) : message.payload
    if (!isWhole || last === undefined) return
    const payload = { version: last.revision, checksum: last.checksum }
    socket.send(JSON.stringify({ type: 'config.ack', payload }))
    whenSet()
  })
  await nextRevision()
  const snapshot = bytes
  bytes = 0
  const changed = nextRevision()
  await control.revoke(id, false)
  await changed
  const change = bytes
  socket.close()
  await revoke()
  return { snapshot, change }
}
