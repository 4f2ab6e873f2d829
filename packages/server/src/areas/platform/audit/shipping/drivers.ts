import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore } from '../../../../object-store/store.ts'
import type { ShippingTarget } from './targets.ts'

/** Brings a small file to a place outside. Doing it twice is harmless. Throws when it did not arrive. */
export type Ship = (name: string, content: Buffer) => Promise<void>

const answerTimeoutMs = 30_000

export function createShip(target: ShippingTarget, objectStore: ObjectStore | null): Ship {
  if (target.kind === 'directory') return toDirectory(target.path)
  if (target.kind === 'webhook') return toWebhook(target.url)
  if (objectStore === null)
    throw new Error(
      'HOLDFAST_AUDIT_SHIP says s3: set HOLDFAST_S3_URL, its access key and its secret as well.',
    )
  return (name, content) => objectStore.put(`audit/${name}`, content)
}

function toDirectory(directory: string): Ship {
  return async (name, content) => {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, name)
    const fresh = await open(`${path}.part`, 'w', 0o600)
    try {
      await fresh.writeFile(content)
      await fresh.sync()
    } finally {
      await fresh.close()
    }
    await rename(`${path}.part`, path)
  }
}

/** The address comes from the operator's environment, so it may be private. */
function toWebhook(url: string): Ship {
  return async (name, content) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'x-audit-file': name },
      body: new Uint8Array(content),
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The audit copy ${name} was answered with ${response.status}.`)
  }
}
