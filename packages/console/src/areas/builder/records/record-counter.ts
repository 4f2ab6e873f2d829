import type { TransferFormat } from '@holdfast/contracts/builder/records'

const newline = 0x0a
const quote = 0x22

/**
 * Answers how many records began in all the bytes it was given: they stand on lines of their own. Only in tables can a
 * value hold a line break, and then it is quoted; the first line is the header.
 */
export function createRecordCounter(format: TransferFormat): (bytes: Uint8Array) => number {
  let lines = 0
  let isQuoted = false
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === quote && format === 'csv') isQuoted = !isQuoted
      else if (byte === newline && !isQuoted) lines += 1
    }
    return Math.max(0, format === 'csv' ? lines - 1 : lines)
  }
}
