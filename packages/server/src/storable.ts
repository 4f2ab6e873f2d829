/**
 * PostgreSQL's text and jsonb take every Unicode string but two kinds: with U+0000, and with half a surrogate pair.
 * Both can come from outside (a user agent, a name), and must not make a log row fail.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** A JSON value of which every string and key can be stored as jsonb; what JSON cannot hold is left out. */
export function storableJson(value: unknown): unknown {
  return clean(JSON.parse(JSON.stringify(value) ?? 'null'))
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), clean(item)]))
}
