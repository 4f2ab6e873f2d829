import { describe, expect, test } from 'vitest'
import { formatBytes, formatDuration, formatRelativeTime, plural } from './format.ts'

describe('values as a person reads them', () => {
  test.each([
    [0, '0 B'],
    [1_023, '1,023 B'],
    [1_024, '1 KiB'],
    [1_536, '1.5 KiB'],
    [5 * 1024 ** 3, '5 GiB'],
    [-2_048, '-2 KiB'],
  ])('%d bytes are written as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  test.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [1_500, '1.5 s'],
    [900_000, '15 min'],
    [172_800_000, '2 d'],
  ])('%d milliseconds take the largest sensible unit: %s', (milliseconds, text) =>
    expect(formatDuration(milliseconds)).toBe(text),
  )

  const now = new Date('2026-03-01T12:00:00Z')
  test.each([
    ['2026-03-01T11:59:30Z', 'just now'],
    ['2026-03-01T11:59:10Z', '1 minute ago'],
    ['2026-03-01T11:57:00Z', '3 minutes ago'],
    ['2026-03-01T14:00:00Z', 'in 2 hours'],
    ['2026-02-28T12:00:00Z', 'yesterday'],
  ])('%s is "%s" at noon', (at, text) => expect(formatRelativeTime(new Date(at), now)).toBe(text))

  test('one is singular, everything else is plural', () => {
    expect([plural(0, 'user'), plural(1, 'user'), plural(1_200, 'entry', 'entries')]).toEqual([
      '0 users',
      '1 user',
      '1,200 entries',
    ])
  })
})
