import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { Operator } from './view.ts'

export const operatorWords: Record<Operator, string> = {
  eq: 'is',
  ne: 'is not',
  contains: 'contains',
  startsWith: 'begins with',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  in: 'is one of',
  exists: 'has a value',
}

const ordered: Operator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'exists']
const byType: Record<FieldType, Operator[]> = {
  string: ['eq', 'ne', 'contains', 'startsWith', 'gt', 'lt', 'in', 'exists'],
  number: ordered,
  datetime: ordered,
  boolean: ['eq', 'exists'],
  reference: ['eq', 'ne', 'in', 'exists'],
  json: ['eq', 'ne', 'contains', 'exists'],
  array: ['contains', 'exists'],
  object: ['exists'],
}

/** What a field of this type can be asked. */
export function operatorsFor(type: FieldType): readonly Operator[] {
  return byType[type]
}
