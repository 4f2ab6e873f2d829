import { createHash } from 'node:crypto'

/** What is hashed of an entry. Everything a reader sees is in here. */
export interface AuditFacts {
  chainId: string
  sequence: number
  id: string
  occurredAt: string
  actorKind: string
  actorId: string | null
  actorName: string
  action: string
  targetType: string
  targetId: string | null
  result: string
  requestId: string
  ip: string | null
  details: unknown
}

/** The platform's own chain; organizations use their id. */
export const platformChainId = '00000000-0000-0000-0000-000000000000'

/** The hash that the first entry of a chain points back to. */
export const chainOrigin = Buffer.alloc(32)

/** `SHA-256(previous hash || canonical JSON of the facts)`. */
export function entryHash(previousHash: Uint8Array, facts: AuditFacts): Buffer {
  return createHash('sha256').update(previousHash).update(canonicalJson(facts)).digest()
}

/** JSON with sorted keys and no white space, so that a value survives storage as jsonb with the same hash. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
