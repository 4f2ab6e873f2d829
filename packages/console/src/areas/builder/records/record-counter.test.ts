import { expect, it } from 'vitest'
import { createRecordCounter } from './record-counter.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

it.each([
  ['ndjson', '{"a":"x\\n\\""}\n{"a":2}\n', 2],
  ['json', '[{"a":1},\n{"a":"\\""}]\n', 2],
  ['csv', 'a,b\n1,"two\nlines, ""quoted"""\n3,4\n', 2],
  ['csv', 'a,b\n', 0],
] as const)('records of %s are counted as they come, however they are cut', (format, text, expected) => {
  const whole = bytes(text)
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const count = createRecordCounter(format)
    count(whole.subarray(0, cut))
    expect(count(whole.subarray(cut))).toBe(expected)
  }
})
