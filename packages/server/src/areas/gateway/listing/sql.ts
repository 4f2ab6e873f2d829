/** An ILIKE pattern for text that holds `search`, whatever characters are in it. */
export function containing(search: string): string {
  return `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`
}

/** For a jsonb column: the driver would write a JSON null, or an array of PostgreSQL's own. */
export function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

const rowsAtOnce = 500

/** A statement takes 65,535 parameters at most. */
export function* inBatches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) yield rows.slice(start, start + rowsAtOnce)
}
