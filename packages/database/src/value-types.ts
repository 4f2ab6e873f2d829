/**
 * How PostgreSQL's values become JavaScript's.
 *
 *   timestamptz -> ISO 8601 string in UTC with milliseconds (finer digits are cut, never rounded up into the future)
 *   timestamp, date, time, interval, numeric -> string as PostgreSQL writes it
 *   int8        -> number; a value that a number cannot hold exactly throws instead of being silently wrong
 *   the rest    -> as `pg` does it
 *
 * Set per connection pool, not globally, so a library that brings its own pool keeps the types it expects.
 */
import { type CustomTypesConfig, types } from 'pg'

const { builtins } = types
// A plain number: the type of `getTypeParser` names only the scalar types, though it knows the arrays as well.
const textArrayOid: number = 1009

const scalarParsers: Record<number, (text: string) => unknown> = {
  [builtins.TIMESTAMPTZ]: parseTimestamp,
  [builtins.INT8]: parseInt8,
  [builtins.NUMERIC]: keepText,
  [builtins.DATE]: keepText,
  [builtins.TIMESTAMP]: keepText,
  [builtins.INTERVAL]: keepText,
}

/** Array types have their own object ids (pg_type.dat); each parses its elements as the scalar does. */
const elementOfArray: Record<number, number> = {
  1185: builtins.TIMESTAMPTZ,
  1016: builtins.INT8,
  1231: builtins.NUMERIC,
  1182: builtins.DATE,
  1115: builtins.TIMESTAMP,
  1187: builtins.INTERVAL,
}

type TypeParser = (text: string) => unknown
type NestedText = null | string | NestedText[]

const textParsers = new Map<number, TypeParser>(
  Object.entries(scalarParsers).map(([oid, parser]) => [Number(oid), parser]),
)
for (const [arrayOid, elementOid] of Object.entries(elementOfArray)) {
  const parseElement = scalarParsers[elementOid] ?? keepText
  textParsers.set(Number(arrayOid), (text) => mapNested(parseStringArray(text), parseElement))
}

/** Hand this to `pg` as `types`. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const own = format === 'binary' ? undefined : textParsers.get(oid)
    return own ?? types.getTypeParser(oid, format)
  },
}

/** `2026-01-02 03:04:05.678901+00` -> `2026-01-02T03:04:05.678Z`. `infinity` and years before Christ stay as they are. */
function parseTimestamp(text: string): string {
  const match = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::?\d\d){0,2})$/.exec(text)
  if (!match) return text
  const [, day, time, fraction = '', offset] = match
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
  if (offset === '+00') return `${day}T${time}.${milliseconds}Z`
  // Only when somebody changed the session's time zone: the session starts in UTC.
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString()
}

function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`The 64-bit integer ${text} cannot be held exactly; select it as text instead.`)
  }
  return value
}

function keepText(text: string): string {
  return text
}

function parseStringArray(text: string): NestedText[] {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
  const parse: (text: string) => NestedText[] = types.getTypeParser(textArrayOid, 'text')
  return parse(text)
}

function mapNested(value: NestedText, parse: TypeParser): unknown {
  if (value === null) return null
  if (typeof value === 'string') return parse(value)
  return value.map((entry) => mapNested(entry, parse))
}
