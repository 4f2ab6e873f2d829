import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonList, readLines } from './text-rows.ts'

async function* cut(text: string, sizes: readonly number[]) {
  const bytes = Buffer.from(text)
  let from = 0
  for (let index = 0; from < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1
    yield bytes.subarray(from, from + size)
    from += size
  }
}
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 })

describe('records in a stream of bytes', () => {
  it('every JSON list is split into its elements, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        sizes,
        fc.boolean(),
        async (values, pieces, pretty) => {
          const rows = await Array.fromAsync(
            readJsonList(cut(JSON.stringify(values, null, pretty ? 2 : 0), pieces)),
          )
          expect(rows.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
            JSON.parse(JSON.stringify(values)),
          )
          expect(rows.map(({ line }) => line)).toEqual(values.map((_, index) => index + 1))
        },
      ),
    )
  })

  it('every line is read once, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).filter((text) => !/[\n\r]/.test(text) && text.trim() !== ''),
          { maxLength: 8 },
        ),
        sizes,
        async (lines, pieces) => {
          const rows = await Array.fromAsync(readLines(cut(lines.join('\n'), pieces)))
          expect(rows.map(({ text }) => text)).toEqual(lines)
          const ends = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('\n')))
          // All but the last line end with their line break.
          expect(rows.map(({ endBytes }) => endBytes)).toEqual(
            ends.map((bytes, index) => (index === ends.length - 1 ? bytes : bytes + 1)),
          )
        },
      ),
    )
  })
})
