import { type FieldTypeDefinition, orderedOperators, refuse } from './definition.ts'

/** ISO 8601 as RFC 3339 narrows it; time, seconds and offset may be left out. Without an offset it is UTC. */
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/
/** ECMA-262 §21.4.1.1: no Date reaches further. */
const dateMsMax = 8.64e15

export const datetimeType: FieldTypeDefinition = {
  name: 'datetime',
  compile: () => (value, path, report) =>
    normalizeDatetime(value) ?? refuse(report, path, 'must be a valid datetime'),
  sample: () => '2026-01-15T09:30:00.000Z',
  jsonSchema: () => ({ type: 'string', format: 'date-time' }),
  typescript: () => 'string',
  // Stored in one form of fixed width, so that the order of the texts is the order of the instants.
  sqlCast: 'text',
  sqlColumn: 'text',
  operators: orderedOperators,
  parseText: (text) => normalizeDatetime(text),
  textHint: 'a date and time such as 2026-01-31T12:00:00Z',
  parsePiece: (text) => text,
  isSearched: false,
  parseCell: (text) => text,
  convert: normalizeDatetime,
}

/** The instant as `2026-01-15T09:30:00.000Z`; undefined when it is none. Whole numbers are milliseconds since 1970. */
export function normalizeDatetime(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) <= dateMsMax
      ? fourDigitYear(new Date(value))
      : undefined
  }
  if (typeof value !== 'string') return undefined
  const parts = iso.exec(value.trim())
  if (parts === null) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] = parts
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`)
  // Rolls over for the 30th of February instead of refusing it.
  if (Number.isNaN(local.getTime()) || local.getUTCDate() !== Number(day)) return undefined
  const offsetMs = offsetOf(offset)
  return offsetMs === undefined ? undefined : fourDigitYear(new Date(local.getTime() - offsetMs))
}

function offsetOf(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (hours * 60 + minutes) * 60_000 * (offset.startsWith('-') ? -1 : 1)
}

/** Years beyond four digits are written with a sign and would sort wrongly. */
function fourDigitYear(date: Date): string | undefined {
  const text = date.toISOString()
  return text.length === 24 ? text : undefined
}
