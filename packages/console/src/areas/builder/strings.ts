import type { AccessType, EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import type { FieldType } from '@holdfast/contracts/builder/fields'

/** The words of this area that more than one page uses; one place to translate. */
export const accessWords: Record<AccessType, { label: string; hint: string }> = {
  public: { label: 'Public', hint: 'Anybody who can reach this server, without signing in.' },
  authenticated: { label: 'Signed in', hint: 'Anybody with an account and a valid token.' },
  group: { label: 'Groups', hint: 'Only members of the groups you choose.' },
}

export const methodWords: Record<EndpointMethod, string> = {
  GET: 'Read records',
  POST: 'Create records',
  PUT: 'Replace a record',
  PATCH: 'Change parts of a record',
  DELETE: 'Delete records',
}

export const typeWords: Record<FieldType, { label: string; hint: string }> = {
  string: { label: 'Text', hint: 'Words, names, codes, addresses.' },
  number: { label: 'Number', hint: 'Whole or with decimals; can be compared and sorted.' },
  boolean: { label: 'Yes or no', hint: 'true or false.' },
  datetime: { label: 'Date and time', hint: 'An instant, such as 2026-03-01T09:30:00Z.' },
  object: { label: 'Object', hint: 'A group of fields of its own.' },
  array: { label: 'List', hint: 'Several values, or several objects with the same fields.' },
  json: { label: 'Any JSON', hint: 'Whatever comes, unchecked.' },
  reference: { label: 'Reference', hint: 'The id of a record of another endpoint.' },
}

export const texts = {
  list: {
    title: 'Endpoints',
    description: 'Describe your data once; each endpoint answers from the moment it is saved.',
  },
  empty:
    'An endpoint is an address that applications call to read and write your records. Start with a whole API: name a thing, list its fields, and all five methods are served at once.',
  keptValues: 'The values are kept. They come back when the field, or an earlier version, is restored.',
} as const
