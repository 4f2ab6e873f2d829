import { textOf } from '../text-of.ts'

/** A record's name for people: the field that is most likely a name, else its first text, else its id. */
export function recordLabel(record: Record<string, unknown>): string {
  for (const name of ['name', 'title', 'label', 'email', 'code']) {
    const value = record[name]
    if (typeof value === 'string' && value !== '') return value
  }
  const reserved = new Set(['_id', 'id', 'createdAt', 'updatedAt'])
  const text = Object.entries(record).find(
    ([name, value]) => !reserved.has(name) && typeof value === 'string' && value !== '',
  )
  return typeof text?.[1] === 'string' ? text[1] : textOf(record['id'])
}

/** The id in a reference, whether it came as an id or as the whole record. */
export function referenceId(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string')
    return value.id
  return null
}

/** A reference as it is shown: the record's name when it came along, else the end of its id. */
export function referenceLabel(value: unknown): string {
  if (typeof value === 'object' && value !== null) return recordLabel({ ...value })
  return typeof value === 'string' ? shortId(value) : ''
}

/** The part of an id in which neighbors differ. */
export function shortId(id: string): string {
  return `…${id.slice(-6)}`
}
