import { problem } from '@holdfast/contracts/problems'

const depthMax = 64

/** Parses a body that becomes a record. Throws request.malformed, records.invalid. */
export function parseBody(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw problem('request.malformed', { cause: error })
  }
  // Escapes hide what PostgreSQL cannot take as text (a zero, half a surrogate pair); few bodies hold any at all.
  refuseUnstorable(value, text.includes('\\u') || !text.isWellFormed(), text.includes('__proto__'), 0)
  return value
}

/** As `parseBody`, for what was parsed elsewhere. Throws records.invalid. */
export function checkBody(value: unknown): void {
  refuseUnstorable(value, true, true, 0)
}

function refuseUnstorable(value: unknown, checkTexts: boolean, checkNames: boolean, depth: number): void {
  if (typeof value === 'string') {
    if (checkTexts && (value.includes('\0') || !value.isWellFormed())) {
      throw problem('records.invalid', {
        sentence:
          'A text holds a zero character or half a surrogate pair, which cannot be stored. Remove it.',
      })
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (depth === depthMax)
    throw problem('records.invalid', {
      sentence: `The body is nested deeper than ${depthMax} levels. Flatten it.`,
    })
  if (Array.isArray(value)) {
    for (const entry of value) refuseUnstorable(entry, checkTexts, checkNames, depth + 1)
    return
  }
  for (const name in value) {
    if (checkTexts) refuseUnstorable(name, true, false, depth)
    if (checkNames && name === '__proto__')
      throw problem('records.invalid', { sentence: 'A property must not be called __proto__. Rename it.' })
    refuseUnstorable((value as Record<string, unknown>)[name], checkTexts, checkNames, depth + 1)
  }
}
