import { canonicalJson, platformChainId } from '../rules.ts'

/** A signed head of a chain, as it is stored, shipped and shown. */
export interface SignedCheckpoint {
  organizationId: string | null
  sequence: number
  /** Hexadecimal. */
  hash: string
  at: string
  keyId: string
  /** Base64. */
  signature: string
}

/** The text that is signed: canonical JSON of everything but the signature. */
export function checkpointText({ signature: _signature, ...facts }: SignedCheckpoint): string {
  return canonicalJson(facts)
}

export function organizationOf(chainId: string): string | null {
  return chainId === platformChainId ? null : chainId
}

export function chainOf(organizationId: string | null): string {
  return organizationId ?? platformChainId
}
