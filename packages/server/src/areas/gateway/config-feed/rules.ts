import type { ConfigEntry } from '@holdfast/contracts/gateway/link'
import { parseSetDigest, setDigestText, withMember, withoutMember } from '@holdfast/kernel/crypto/set-digest'

/** An entity as it is kept and sent. */
export type EntityText = ConfigEntry & { text: string }

export interface ConfigState {
  revision: number
  checksum: string
}

/** What a tenant may have so many of. */
export type Countable = 'services' | 'routes' | 'consumers'

/** Which entity: ids are unique in their kind only. */
export const entityKey = ({ kind, id }: Pick<ConfigEntry, 'kind' | 'id'>): string => `${kind} ${id}`

/** The entries that really alter the set, the last one for each entity, in a stable order. */
export function effectiveEntries(
  before: ReadonlyMap<string, string>,
  entries: readonly ConfigEntry[],
): ConfigEntry[] {
  const last = new Map(entries.map((entry) => [entityKey(entry), entry]))
  return [...last.values()].filter((entry) => (before.get(entityKey(entry)) ?? null) !== entry.text)
}

/** The checksum of the set after `entries`; `before` holds the old text of each entity that they replace or remove. */
export function checksumAfter(
  checksum: string,
  before: ReadonlyMap<string, string>,
  entries: readonly ConfigEntry[],
): string {
  let digest = parseSetDigest(checksum)
  for (const entry of entries) {
    const old = before.get(entityKey(entry))
    if (old !== undefined) digest = withoutMember(digest, [entry.kind, entry.id, old])
    if (entry.text !== null) digest = withMember(digest, [entry.kind, entry.id, entry.text])
  }
  return setDigestText(digest)
}
