import { canonicalJson } from '../rules.ts'

/** What was exported and taken out of a chain, as it is stored and signed. */
export interface SealedSegment {
  organizationId: string | null
  fromSequence: number
  toSequence: number
  /** Of its last entry, hexadecimal: what follows is verified from here. */
  lastHash: string
  fileName: string
  /** SHA-256 of the file, hexadecimal. */
  fileHash: string
  sealedAt: string
  keyId: string
  signature: string
}

/** The text that is signed: canonical JSON of everything but the signature. */
export function segmentText({ signature: _signature, ...facts }: SealedSegment): string {
  return canonicalJson(facts)
}
