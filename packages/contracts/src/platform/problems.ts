import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({
  'audit.not_found': { status: 404, sentence: 'There is no audit entry with this id.' },
  'database.collection_not_allowed': {
    status: 403,
    sentence: 'Collection not allowed. GET /api/database/collections lists those that are.',
  },
  'database.collection_not_clearable': {
    status: 403,
    sentence: 'This collection cannot be cleared; only endpointdatas and logs can.',
  },
  'database.document_id_invalid': {
    status: 400,
    sentence: 'Invalid document ID. It is a UUID, or 24 hexadecimal characters for a record.',
  },
  'database.document_not_found': { status: 404, sentence: 'Document not found.' },
  'database.document_conflict': {
    status: 409,
    sentence: 'The document cannot be changed like this, because of what else there is.',
  },
  'database.document_protected': { status: 403, sentence: 'This document belongs to the product itself.' },
  'database.sql_access_unavailable': {
    status: 503,
    sentence: 'PostgreSQL has no role that may read, and this installation may not make one.',
  },
  'database.beyond_own_rights': {
    status: 403,
    sentence: 'You may read this collection. To change it you need the permission manage_api as well.',
  },
  'operations.not_found': { status: 404, sentence: 'There is no operation with this id.' },
  'operations.already_finished': {
    status: 409,
    sentence: 'This operation is already finished. There is nothing to cancel.',
  },
  'notifications.not_found': { status: 404, sentence: 'There is no notification with this id.' },
  'webhooks.not_found': { status: 404, sentence: 'There is no webhook with this id.' },
  'webhooks.delivery_not_found': {
    status: 404,
    sentence: 'This webhook has no delivery with this id. Deliveries are kept for 30 days.',
  },
  'webhooks.address_refused': { status: 400, sentence: 'This address cannot be called.' },
  'webhooks.too_many': {
    status: 409,
    sentence: 'There are 1,000 webhooks, and there cannot be more. Delete one that is no longer used.',
  },
  'webhooks.disabled': { status: 409, sentence: 'This webhook is disabled. Enable it first.' },
})
