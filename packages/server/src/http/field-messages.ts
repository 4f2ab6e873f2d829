import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
  date: 'a date',
}

/**
 * What is wrong with a field, as it continues the field's name ("must be a number"). For the mistakes that a schema has no
 * words of its own for; undefined leaves it to zod.
 */
export function fieldMessage(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'must be given'
      return `must be ${kinds[issue.expected] ?? `of type ${issue.expected}`}`
    case 'too_small':
      return boundMessage(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return boundMessage(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `has properties that are not known here: ${issue.keys.join(', ').slice(0, 200)}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      return formatMessage(issue.format)
    case 'invalid_union':
      return 'has none of the forms that are accepted here'
    default:
      return undefined
  }
}

function boundMessage(origin: string, bound: string, value: number | bigint): string {
  if (origin === 'string') return `must have ${bound} ${value} ${value === 1 ? 'character' : 'characters'}`
  if (origin === 'array' || origin === 'set')
    return `must have ${bound} ${value} ${value === 1 ? 'item' : 'items'}`
  if (origin === 'object' || origin === 'record' || origin === 'map')
    return `must have ${bound} ${value} ${value === 1 ? 'property' : 'properties'}`
  return `must be ${bound} ${value}`
}

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address such as ann@example.com',
  url: 'must be an address such as https://example.com',
  datetime: 'must be a date and time such as 2026-01-31T12:00:00Z',
  date: 'must be a date such as 2026-01-31',
  time: 'must be a time such as 12:00:00',
  uuid: 'must be an id such as 0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
}

function formatMessage(format: string): string {
  return formats[format] ?? 'does not have the form that is expected here'
}
