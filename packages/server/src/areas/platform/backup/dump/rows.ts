import { createHash, hash } from 'node:crypto'
import type { TableFacts } from '../archive/format.ts'

const newline = 10
const bits = 64

/**
 * Counts and fingerprints the rows of COPY text as it passes by, wherever it is cut: a line feed ends a row, those
 * inside a value are escaped. The fingerprint is the sum of the rows' hashes modulo 2^64, so that it does not depend on
 * the order in which PostgreSQL gives them out.
 */
export function createRowFacts() {
  const whole = createHash('sha256')
  let rows = 0
  let sizeBytes = 0
  let sum = 0n
  let rest: Buffer[] = []

  function row(content: Buffer): void {
    rows += 1
    sum = BigInt.asUintN(bits, sum + hash('sha1', content, 'buffer').readBigUInt64BE())
  }

  return {
    push(chunk: Buffer): void {
      whole.update(chunk)
      sizeBytes += chunk.length
      let from = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        const part = chunk.subarray(from, end)
        if (rest.length === 0) row(part)
        else {
          row(Buffer.concat([...rest, part]))
          rest = []
        }
        from = end + 1
      }
      if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)))
    },
    facts: (): TableFacts => ({
      rows,
      fingerprint: sum.toString(16).padStart(bits / 4, '0'),
      sizeBytes,
      sha256: whole.digest('hex'),
    }),
  }
}
