/** What the runtime can compare with, in the order of a menu. */
export const operators = [
  'eq',
  'ne',
  'contains',
  'startsWith',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'exists',
] as const
export type Operator = (typeof operators)[number]

/** One line of the filter: field, operator, value. A triple, so that it stays short in the address. */
export type Condition = [field: string, operator: Operator, value: string]

/** More conditions than this the runtime refuses. */
export const conditionsMax = 30

/** Which records are shown and in what order. All of it is in the address. */
export interface RecordsView {
  where?: Condition[]
  search?: string
  sort?: string
}

/**
 * Reads the view from an address, leaving out whatever somebody has mistyped. Written by hand: this runs in the router,
 * which everybody loads first.
 */
export function readRecordsView(search: Record<string, unknown>): RecordsView {
  const { where, search: text, sort } = search
  const conditions = Array.isArray(where) ? where.filter(isCondition).slice(0, conditionsMax) : []
  return {
    ...(conditions.length > 0 ? { where: conditions } : {}),
    ...(typeof text === 'string' || typeof text === 'number' ? { search: String(text) } : {}),
    ...(typeof sort === 'string' ? { sort } : {}),
  }
}

function isCondition(value: unknown): value is Condition {
  if (!Array.isArray(value) || value.length !== 3) return false
  const [field, operator, text]: unknown[] = value
  return (
    typeof field === 'string' && operators.some((known) => known === operator) && typeof text === 'string'
  )
}

/** The view as the runtime's query parameters. */
export function queryOf(view: RecordsView): URLSearchParams {
  const query = new URLSearchParams()
  for (const [field, operator, value] of view.where ?? [])
    query.append(`filter[${field}][${operator}]`, value)
  if (view.search) query.set('search', view.search)
  if (view.sort) query.set('sort', view.sort)
  return query
}

/** Whether everything is shown, newest first: then a new record belongs on top. */
export function isPlainView(view: RecordsView): boolean {
  return !view.where && !view.search && !view.sort
}
