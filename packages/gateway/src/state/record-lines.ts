import { createHash } from 'node:crypto'

/** One value as a line that says whether it is whole: the SHA-256 of the JSON, a space, the JSON. */
export function recordLine(value: unknown): string {
  const json = JSON.stringify(value)
  return `${sha256(json)} ${json}\n`
}

/** What was written with `recordLine`; undefined when the line is damaged. */
export function readRecordLine(line: string): unknown {
  const json = line.slice(65)
  if (line[64] !== ' ' || sha256(json) !== line.slice(0, 64)) return undefined
  return JSON.parse(json)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
