import { problem } from '@holdfast/contracts/problems'

/** If-Match and If-None-Match (RFC 9110 §13.1). A record's entity tag is its version in quotes. */

/** The version that If-Match demands; null when it demands none, or any. Throws records.version_mismatch for a list without it. */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '*') return
  // Strong comparison (§8.8.3.2): a weak tag never matches.
  const tags = header.split(',').map((tag) => tag.trim())
  if (!tags.includes(`"${version}"`)) throw problem('records.version_mismatch', { data: { version } })
}

/** Whether the reader already has this version; weak comparison. */
export function isUnchanged(header: string | undefined, version: number): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${version}"`)
}
