import type { ProblemDetail } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { type FilterOperator, filterOperators, type QueryValue } from '../field-types/definition.ts'
import type { Collection } from '../model.ts'
import { filtersOf } from './query-filters.ts'
import { findField, type QueryField, searchableFields, typeOf } from './query-fields.ts'

/** The query string of a list, read and checked. Every mistake is reported at once, each with its parameter. */

export interface Condition {
  field: QueryField
  operator: FilterOperator
  /** In the form that is stored. A list for `in`; whether it does for `exists`. */
  value: QueryValue | readonly QueryValue[]
}

export interface SortKey {
  field: QueryField
  descending: boolean
}

export interface Search {
  text: string
  /** Empty: the collection has no schema, the whole record is searched. */
  fields: readonly QueryField[]
}

export interface ListQuery {
  page: number
  limit: number
  cursor: string | null
  conditions: readonly Condition[]
  sort: readonly SortKey[]
  search: Search | null
  /** Names of top-level fields to show; null shows all. */
  fields: readonly string[] | null
  /** `true` expands every reference. */
  populate: true | readonly string[] | null
}

export const queryLimits = {
  pageMax: 1_000_000,
  limitMax: 500,
  conditionsMax: 30,
  valuesMax: 200,
  valueLengthMax: 1_000,
  sortMax: 5,
  fieldsMax: 100,
  populateMax: 20,
} as const

const plain: ListQuery = {
  page: 1,
  limit: 20,
  cursor: null,
  conditions: [],
  sort: [],
  search: null,
  fields: null,
  populate: null,
}

/** `query` is what stands after the question mark. Throws records.query_invalid. */
export function parseListQuery(
  query: string,
  collection: Collection,
  groupIds: readonly string[],
): ListQuery {
  if (query === '') return plain
  const details: ProblemDetail[] = []
  const refuse = (name: string, message: string) => void details.push({ path: `query.${name}`, message })
  const parameters = new URLSearchParams(query)
  const conditions: Condition[] = []
  for (const [name, values] of filtersOf(parameters)) {
    const condition = readCondition(name, values, collection, groupIds, refuse)
    if (condition) conditions.push(condition)
    if (conditions.length > queryLimits.conditionsMax) {
      refuse('filter', `must not have more than ${queryLimits.conditionsMax} conditions`)
      break
    }
  }
  const result: ListQuery = {
    page: readInteger(parameters, 'page', 1, queryLimits.pageMax, refuse),
    limit: readInteger(parameters, 'limit', 20, queryLimits.limitMax, refuse),
    cursor: parameters.get('cursor') || null,
    conditions,
    sort: readSort(parameters.get('sort'), collection, groupIds, refuse),
    search: readSearch(parameters.get('search'), collection, groupIds, refuse),
    fields: readFields(parameters.get('fields'), collection, groupIds, refuse),
    populate: readPopulate(parameters.get('populate'), refuse),
  }
  if (result.cursor !== null && parameters.has('page')) refuse('cursor', 'cannot be combined with page')
  if (details.length > 0) {
    const [first] = details
    throw problem('records.query_invalid', {
      details,
      ...(first &&
        details.length === 1 && {
          sentence: `The parameter ${first.path.slice(6)} is not valid: it ${first.message}.`,
        }),
    })
  }
  return result
}

type Refuse = (name: string, message: string) => void

function readInteger(
  parameters: URLSearchParams,
  name: string,
  fallback: number,
  max: number,
  refuse: Refuse,
): number {
  const text = parameters.get(name)
  if (text === null || text === '') return fallback
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= 1 && value <= max) return value
  refuse(name, `must be a whole number from 1 to ${max}`)
  return fallback
}

/** `filter[price][gte]=5`, `filter[address.city]=Oslo` (eq). */
function readCondition(
  name: string,
  given: string | readonly string[],
  collection: Collection,
  groupIds: readonly string[],
  refuse: Refuse,
): Condition | null {
  const [, path, operatorName = 'eq'] = /^filter\[([^[\]]{1,600})\](?:\[([^[\]]{0,40})\])?$/.exec(name) ?? []
  const shown = name.slice(0, 200)
  if (path === undefined) {
    refuse(shown, 'must be written as filter[field][operator]')
    return null
  }
  const operator = filterOperators.find((known) => known === operatorName)
  if (operator === undefined) {
    refuse(shown, `must use one of the operators ${filterOperators.join(', ')}`)
    return null
  }
  const field = findField(collection, path, groupIds)
  if (field === null) {
    refuse(shown, `names the field "${path.slice(0, 100)}", which does not exist`)
    return null
  }
  const value = readValue(field, operator, given, (message) => refuse(shown, message))
  return value === null ? null : { field, operator, value }
}

function readValue(
  field: QueryField,
  operator: FilterOperator,
  given: string | readonly string[],
  refuse: (message: string) => void,
): Condition['value'] | null {
  const text = typeof given === 'string' ? given : given.join(',')
  if (text.length > queryLimits.valueLengthMax * (operator === 'in' ? 10 : 1) || text.includes('\0')) {
    refuse(`must not be longer than ${queryLimits.valueLengthMax} characters`)
    return null
  }
  if (operator === 'exists') {
    if (text === 'true' || text === 'false') return text === 'true'
    refuse('must be true or false')
    return null
  }
  const type = typeOf(field)
  if (!type.operators.includes(operator)) {
    refuse(`must use one of the operators ${type.operators.join(', ')}, which ${type.name} fields have`)
    return null
  }
  if (operator === 'contains' || operator === 'startsWith') return type.parsePiece(text)
  const parts = operator === 'in' ? (typeof given === 'string' ? given.split(',') : given) : [text]
  if (parts.length > queryLimits.valuesMax) {
    refuse(`must not list more than ${queryLimits.valuesMax} values`)
    return null
  }
  const values = parts.flatMap((part) => type.parseText(part) ?? [])
  const [first] = values
  if (values.length === parts.length && first !== undefined) return operator === 'in' ? values : first
  refuse(`must be ${type.textHint}`)
  return null
}

function readSort(
  text: string | null,
  collection: Collection,
  groupIds: readonly string[],
  refuse: Refuse,
): SortKey[] {
  if (!text) return []
  const names = text.split(',')
  if (names.length > queryLimits.sortMax) {
    refuse('sort', `must not name more than ${queryLimits.sortMax} fields`)
    return []
  }
  const keys: SortKey[] = []
  for (const written of names) {
    const descending = written.startsWith('-')
    const field = findField(collection, written.replace(/^[-+ ]/, ''), groupIds)
    if (field === null) refuse('sort', `names the field "${written.slice(0, 100)}", which does not exist`)
    else if (!typeOf(field).operators.includes('gt'))
      refuse('sort', `cannot sort by "${field.name}", which is an ${typeOf(field).name}`)
    else keys.push({ field, descending })
  }
  return keys
}

function readSearch(
  text: string | null,
  collection: Collection,
  groupIds: readonly string[],
  refuse: Refuse,
): Search | null {
  if (!text) return null
  if (text.length > 200 || text.includes('\0')) {
    refuse('search', 'must not be longer than 200 characters')
    return null
  }
  const fields = searchableFields(collection, groupIds)
  if (fields.length === 0 && collection.usedKeys.size > 0) {
    refuse('search', 'finds nothing here, because these records have no text fields')
    return null
  }
  return { text, fields }
}

function readFields(
  text: string | null,
  collection: Collection,
  groupIds: readonly string[],
  refuse: Refuse,
): string[] | null {
  if (!text) return null
  const names = text.split(',')
  if (names.length > queryLimits.fieldsMax)
    refuse('fields', `must not name more than ${queryLimits.fieldsMax} fields`)
  else {
    for (const name of names) {
      if (name.includes('.') || findField(collection, name, groupIds) === null)
        refuse('fields', `names the field "${name.slice(0, 100)}", which does not exist at the top level`)
    }
  }
  return names
}

function readPopulate(text: string | null, refuse: Refuse): true | string[] | null {
  if (!text || text === 'false' || text === '0') return null
  if (text === 'true' || text === '1') return true
  const paths = text.split(',').filter((path) => path !== '')
  if (paths.length > queryLimits.populateMax || paths.some((path) => path.length > 300)) {
    refuse('populate', `must not name more than ${queryLimits.populateMax} fields`)
  }
  return paths
}
