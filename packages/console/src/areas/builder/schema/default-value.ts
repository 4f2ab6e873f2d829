import type { FieldType } from '@holdfast/contracts/builder/fields'

export type ParsedDefault = { ok: true; value: unknown } | { ok: false; message: string }

/** A default as it was typed, as a value of the field's type; nothing typed is no default. */
export function parseDefault(type: FieldType, text: string): ParsedDefault {
  if (text === '') return { ok: true, value: undefined }
  switch (type) {
    case 'string':
    case 'reference':
      return { ok: true, value: text }
    case 'number': {
      const value = Number(text)
      return Number.isFinite(value)
        ? { ok: true, value }
        : { ok: false, message: 'The default must be a number.' }
    }
    case 'boolean':
      return { ok: true, value: text === 'true' }
    case 'datetime':
      return Number.isNaN(Date.parse(text))
        ? { ok: false, message: 'The default must be a date and time such as 2026-03-01T09:30:00Z.' }
        : { ok: true, value: text }
    default:
      return parseJson(type, text)
  }
}

function parseJson(type: FieldType, text: string): ParsedDefault {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: 'The default is not valid JSON. Check its quotes and commas.' }
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'object' && !isObject) return { ok: false, message: 'The default must be an object, in { }.' }
  if (type === 'array' && !Array.isArray(value))
    return { ok: false, message: 'The default must be a list, in [ ].' }
  return { ok: true, value }
}

/** A stored default as text to edit. */
export function writeDefault(type: FieldType, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string' && type !== 'json') return value
  return JSON.stringify(value)
}
