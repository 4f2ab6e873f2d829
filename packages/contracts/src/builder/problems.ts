import { defineProblems } from '../kit/problem.ts'

export const builderProblems = defineProblems({
  'endpoints.not_found': { status: 404, sentence: 'Endpoint not found.' },
  'endpoints.path_taken': {
    status: 409,
    sentence: 'Endpoint with this path and method already exists. Choose another path or method.',
  },
  'endpoints.path_invalid': {
    status: 400,
    sentence: 'The path is not valid. Write it as /api/products or /api/products/:id.',
  },
  'endpoints.path_reserved': {
    status: 400,
    sentence: 'The product itself answers this path. Choose another one.',
  },
  'endpoints.system_protected': { status: 403, sentence: 'System endpoints cannot be changed or deleted.' },
  'endpoints.schema_invalid': {
    status: 400,
    sentence: 'The schema is not valid. See details for each field.',
  },
  'endpoints.schema_conflict': {
    status: 409,
    sentence:
      'Another endpoint on the same path has a field of this name with another type. Rename one of them.',
  },
  'endpoints.schema_loses_data': {
    status: 409,
    sentence:
      'This takes away fields that hold values. Send it again with "confirm": true to go on; the values are kept and come back when this schema version is restored.',
  },
  'endpoints.network_invalid': {
    status: 400,
    sentence: 'The network rules hold a domain or an address range that is not valid.',
  },
  'endpoints.group_unknown': { status: 400, sentence: 'There is no group with one of these ids.' },
  'endpoints.values_not_unique': {
    status: 409,
    sentence: 'More than one record holds the same value. Change one of them and try again.',
  },
  'endpoints.values_too_long': {
    status: 409,
    sentence: 'A record holds a value that is too long to be indexed. Shorten it and try again.',
  },
  'endpoints.referenced': {
    status: 409,
    sentence: 'Other endpoints refer to the records of this one. Send it again with confirm=true to go on.',
  },
  'endpoints.version_not_found': { status: 404, sentence: 'This endpoint has no such schema version.' },
  'endpoint_groups.not_found': { status: 404, sentence: 'There is no endpoint group with this id.' },
  'endpoint_groups.name_taken': {
    status: 409,
    sentence: 'An endpoint group with this name already exists. Choose another name.',
  },
})
