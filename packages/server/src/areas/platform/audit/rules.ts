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
  return createHash('sha256').update(previousHash).update(factsText(facts)).digest()
}

/** The canonical JSON of an entry's facts, by hand, because a million of them are verified with it. */
export function factsText(facts: AuditFacts): string {
  const text = JSON.stringify
  return `{"action":${text(facts.action)},"actorId":${text(facts.actorId)},"actorKind":${text(facts.actorKind)},"actorName":${text(facts.actorName)},"chainId":${text(facts.chainId)},"details":${canonicalJson(facts.details)},"id":${text(facts.id)},"ip":${text(facts.ip)},"occurredAt":${text(facts.occurredAt)},"requestId":${text(facts.requestId)},"result":${text(facts.result)},"sequence":${facts.sequence},"targetId":${text(facts.targetId)},"targetType":${text(facts.targetType)}}`
}

/** The canonical JSON of facts without their sequence number, cut where it belongs: whoever knows it puts it between. */
export function factsAround(facts: Omit<AuditFacts, 'sequence'>): [before: string, after: string] {
  const text = factsText({ ...facts, sequence: 0 })
  // The last one is the entry's own: in what follows it there are only strings, whose quotes are escaped.
  const at = text.lastIndexOf('"sequence":0,') + '"sequence":'.length
  return [text.slice(0, at), text.slice(at + 1)]
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
