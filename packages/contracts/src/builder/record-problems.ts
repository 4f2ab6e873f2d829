import { defineProblems } from '../kit/problem.ts'

/** What the record runtime and the import and export of records can answer. */
export const recordProblems = defineProblems({
  'records.not_found': { status: 404, sentence: 'Record not found.' },
  'records.invalid': { status: 400, sentence: 'The record is not valid. See details for each field.' },
  'records.query_invalid': {
    status: 400,
    sentence: 'The query is not valid. See details for each parameter.',
  },
  'records.query_too_slow': {
    status: 400,
    sentence:
      'This query takes too long on so many records. Mark the fields it filters or sorts by as indexed, or use the cursor instead of a far page.',
  },
  'records.network_denied': { status: 403, sentence: 'Forbidden: network access denied' },
  'records.group_required': { status: 403, sentence: 'Forbidden: insufficient group permissions' },
  'records.field_forbidden': {
    status: 403,
    sentence: 'You may not set some of these fields. See details for each.',
  },
  'records.value_taken': {
    status: 409,
    sentence: 'Another record already holds this value in a field that must be unique.',
  },
  'records.changed_meanwhile': {
    status: 409,
    sentence: 'The record was changed by others again and again while this change was made. Try again.',
  },
  'records.version_mismatch': {
    status: 412,
    sentence: 'The record is not at the version that If-Match names. Read it again and repeat the change.',
  },
  'records.idempotency_key_invalid': {
    status: 400,
    sentence: 'Idempotency-Key must be 1 to 255 visible characters.',
  },
  'records.idempotency_key_reused': {
    status: 422,
    sentence: 'This Idempotency-Key was used for a different body. Use a new key for a new record.',
  },
  'records.batch_refused': {
    status: 400,
    sentence: 'Nothing was changed, because some items cannot be. See details for each.',
  },
  'records.too_many_listeners': {
    status: 503,
    sentence: 'Too many clients listen for changes already. Try again later.',
  },
  'records.refused_by_plugin': { status: 400, sentence: 'A plugin refused this change.' },
  'records.plugin_unavailable': {
    status: 503,
    sentence: 'A plugin that must agree to this change did not answer. Try again in a moment.',
  },
  'records.too_large_together': {
    status: 413,
    sentence: 'These records are more than 64 MB together. Ask for fewer at once, with a smaller limit.',
  },
  'records.busy': {
    status: 503,
    sentence: 'The server has more requests waiting than it can serve. Try again in a moment.',
  },
  'records.import_not_found': {
    status: 404,
    sentence: 'There is no import with this id. Reports are kept for a week.',
  },
  'records.import_unreadable': {
    status: 400,
    sentence: 'The file could not be read to its end. What was imported before stays.',
  },
})
