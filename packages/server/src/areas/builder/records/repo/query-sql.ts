import { escapeLiteral } from 'pg'
import type { SqlCast } from '../../model.ts'
import { recordColumns } from './hot-statements.ts'
import type { Statement, Value } from './lanes.ts'
import type { Condition, ListQuery, SortKey } from '../query.ts'
import { castOf, type QueryField } from '../query-fields.ts'
import { type Stored, tableOf } from './storage.ts'

/** From a checked query to SQL. Values are bound; keys are quoted literals, because only a literal meets an index. */

/** A stored value as SQL: `text` in byte order; numbers and booleans only where the JSON value is one. */
export function valueExpression(keys: readonly string[], cast: SqlCast): string {
  const last = keys.length - 1
  const parent = ['body', ...keys.slice(0, last).map((key) => escapeLiteral(key))].join(' -> ')
  const key = escapeLiteral(keys[last] ?? '')
  if (cast === 'text') return `((${parent} ->> ${key}) collate "C")`
  const type = cast === 'numeric' ? 'number' : 'boolean'
  return `(case json_typeof(${parent} -> ${key}) when '${type}' then (${parent} ->> ${key})::${cast} end)`
}

function jsonExpression(keys: readonly string[]): string {
  return `(${['body', ...keys.map((key) => escapeLiteral(key))].join(' -> ')})`
}

interface Binder {
  values: Value[]
  bind(value: Value): string
}

export function createBinder(): Binder {
  const values: Value[] = []
  return {
    values,
    bind(value) {
      values.push(value)
      return `$${values.length}`
    },
  }
}

function expressionOf(field: QueryField): { sql: string; cast: string } {
  if (field.kind === 'column')
    return { sql: field.column, cast: field.column === 'id' ? 'text' : 'timestamptz' }
  const cast = castOf(field.type)
  return { sql: valueExpression(field.keys, cast), cast }
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export function conditionSql({ field, operator, value }: Condition, { bind }: Binder): string {
  const { sql, cast } = expressionOf(field)
  const bound = (one: unknown) => `${bind(String(one))}::${cast}`
  switch (operator) {
    case 'eq':
      return `${sql} = ${bound(value)}`
    case 'ne':
      return `${sql} is distinct from ${bound(value)}`
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `${sql} ${comparisons[operator]} ${bound(value)}`
    case 'in':
      return `${sql} in (${(value as readonly unknown[]).map(bound).join(', ')})`
    case 'exists':
      return `${sql} is ${value === true ? 'not ' : ''}null`
    case 'startsWith':
      return `${sql} like ${bind(`${String(value).replace(/[\\%_]/g, '\\$&')}%`)}`
    case 'contains':
      return containsSql(field, bind(String(value)))
    default:
      return operator satisfies never
  }
}

function containsSql(field: QueryField, bound: string): string {
  if (field.kind === 'value' && field.type === 'array') {
    const array = jsonExpression(field.keys)
    return `exists (select 1 from json_array_elements_text(case json_typeof(${array}) when 'array' then ${array} end) as e where e = ${bound})`
  }
  return `strpos(lower(${expressionOf(field).sql}), lower(${bound})) > 0`
}

export interface BuiltList {
  statement: Statement
  values: Value[]
}

/** Where-clause of everything a query filters by; `null` when it filters by nothing. */
function filterSql(query: Pick<ListQuery, 'conditions' | 'search'>, binder: Binder): string | null {
  const parts = query.conditions.map((condition) => conditionSql(condition, binder))
  if (query.search !== null) {
    const text = binder.bind(query.search.text)
    const places =
      query.search.fields.length === 0
        ? ['body::text']
        : query.search.fields.map((field) => expressionOf(field).sql)
    parts.push(`(${places.map((place) => `strpos(lower(${place}), lower(${text})) > 0`).join(' or ')})`)
  }
  return parts.length === 0 ? null : parts.join(' and ')
}

const orderOf = ({ field, descending }: SortKey) =>
  `${expressionOf(field).sql} ${descending ? 'desc' : 'asc'}`

/**
 * Records from `offset`, or after a cursor. The order ends with the id, newest first, so that it is total. Sort values come
 * back as texts behind the record's columns: the next cursor is made of them. PostgreSQL puts absent values last
 * ascending and first descending; `after` follows that.
 */
export function listSql(collection: Stored, query: ListQuery, after: Cursor | null, now: string): BuiltList {
  const binder = createBinder()
  const parts = [`(expires_at is null or expires_at > ${binder.bind(now)})`]
  const filter = filterSql(query, binder)
  if (filter !== null) parts.push(filter)
  if (after !== null) parts.push(afterSql(query.sort, after, binder))
  // With names of their own: `order by created_at` must not find two columns of that name.
  const keys = query.sort.map(({ field }, index) => `(${expressionOf(field).sql})::text as sort_${index}`)
  const offset =
    after === null && query.page > 1 ? ` offset ${binder.bind((query.page - 1) * query.limit)}` : ''
  const text = `select ${[recordColumns, ...keys].join(', ')} from ${tableOf(collection)} where ${parts.join(' and ')}
    order by ${[...query.sort.map(orderOf), 'id desc'].join(', ')} limit ${binder.bind(query.limit)}${offset}`
  return { statement: { text }, values: binder.values }
}

/** Counts what the query finds, to `max` at most. */
export function countSql(collection: Stored, query: ListQuery, max: number, now: string): BuiltList {
  const binder = createBinder()
  const filter = filterSql(query, binder)
  const text = `select count(*) from (select 1 from ${tableOf(collection)}
    where (expires_at is null or expires_at > ${binder.bind(now)})${filter === null ? '' : ` and ${filter}`} limit ${binder.bind(max)}) as found`
  return { statement: { text }, values: binder.values }
}

/** Which of these records a query finds. Null when it filters by nothing, and so finds all. */
export function matchingSql(
  collection: Stored,
  query: Pick<ListQuery, 'conditions' | 'search'>,
  ids: readonly string[],
): BuiltList | null {
  const binder = createBinder()
  const filter = filterSql(query, binder)
  if (filter === null) return null
  // Ids are hexadecimal, so nothing in them ends the array early.
  const text = `select id from ${tableOf(collection)} where id = any(${binder.bind(`{${ids.join(',')}}`)}) and ${filter}`
  return { statement: { text }, values: binder.values }
}

/** The id that ends a window of `size` records after an id; no row when fewer follow. */
export function windowEndSql(collection: Stored, after: string, size: number): BuiltList {
  const binder = createBinder()
  const text = `select id from ${tableOf(collection)} where id > ${binder.bind(after)} order by id offset ${binder.bind(size - 1)} limit 1`
  return { statement: { text }, values: binder.values }
}

/** A page of an export: oldest first, after an id, and up to another when it is given. */
export function exportSql(
  collection: Stored,
  query: Pick<ListQuery, 'conditions' | 'search'>,
  window: { after: string; end: string | null },
  max: number,
  now: string,
): BuiltList {
  const binder = createBinder()
  const filter = filterSql(query, binder)
  const end = window.end === null ? '' : ` and id <= ${binder.bind(window.end)}`
  const text = `select ${recordColumns} from ${tableOf(collection)}
    where id > ${binder.bind(window.after)}${end} and (expires_at is null or expires_at > ${binder.bind(now)})${filter === null ? '' : ` and ${filter}`}
    order by id limit ${binder.bind(max)}`
  return { statement: { text }, values: binder.values }
}

/** Where a page ended: the texts of its sort values, and the id. */
export interface Cursor {
  values: readonly (string | null)[]
  id: string
}

function afterSql(sort: readonly SortKey[], cursor: Cursor, binder: Binder): string {
  const alternatives: string[] = []
  const equal: string[] = []
  sort.forEach(({ field, descending }, index) => {
    const { sql, cast } = expressionOf(field)
    const value = cursor.values[index] ?? null
    if (value === null) {
      if (descending) alternatives.push([...equal, `${sql} is not null`].join(' and '))
      equal.push(`${sql} is null`)
      return
    }
    const bound = `${binder.bind(value)}::${cast}`
    alternatives.push(
      [...equal, descending ? `${sql} < ${bound}` : `(${sql} > ${bound} or ${sql} is null)`].join(' and '),
    )
    equal.push(`${sql} = ${bound}`)
  })
  alternatives.push([...equal, `id < ${binder.bind(cursor.id)}`].join(' and '))
  return `(${alternatives.map((alternative) => `(${alternative})`).join(' or ')})`
}
