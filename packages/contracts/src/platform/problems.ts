import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({
  'activity.not_found': {
    status: 404,
    sentence: 'There is no row of the activity log with this id (any more).',
  },
  'audit.not_found': { status: 404, sentence: 'There is no audit entry with this id.' },
  'backups.not_found': { status: 404, sentence: 'There is no backup with this id.' },
  'backups.not_ready': {
    status: 409,
    sentence: 'This backup is not ready: it is still running, or it failed. Choose another one.',
  },
  'backups.already_running': {
    status: 409,
    sentence: 'A backup or a restore is running. Wait until it is finished.',
  },
  'backups.file_missing': {
    status: 409,
    sentence: 'The file of this backup is not where it was kept. Ask the server that made it.',
  },
  'backups.key_needed': {
    status: 400,
    sentence: 'This backup is encrypted. Send the passphrase or the secret key that opens it.',
  },
  'backups.unusable': { status: 409, sentence: 'This backup cannot be used.' },
  'backups.store_unavailable': {
    status: 503,
    sentence:
      'Backups are to go to a bucket, and none is configured. Set HOLDFAST_S3_URL and its keys, or keep them on disk.',
  },
  'config.not_found': { status: 404, sentence: 'The configuration has no such key.' },
  'config.version_not_found': {
    status: 404,
    sentence: 'This key was not changed in this version. Its history lists those in which it was.',
  },
  'config.set_by_environment': {
    status: 409,
    sentence:
      'This is set by the environment of the server. Change it where the server is started, and start it again.',
  },
  'config.too_many_keys': {
    status: 409,
    sentence: 'There are 1,000 free keys, and there cannot be more. Remove one that is no longer used.',
  },
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
  'operations.interrupted': {
    status: 503,
    sentence:
      'The server ended again and again while this ran. Look at its log for the reason, then start it anew.',
  },
  'operations.already_finished': {
    status: 409,
    sentence: 'This operation is already finished. There is nothing to cancel.',
  },
  'notifications.not_found': { status: 404, sentence: 'There is no notification with this id.' },
  'plugins.not_found': { status: 404, sentence: 'There is no plugin with this id.' },
  'plugins.id_taken': {
    status: 409,
    sentence: 'A plugin with this id is registered already. Change it, or choose another id.',
  },
  'plugins.too_many': {
    status: 409,
    sentence: 'There are 200 plugins, and there cannot be more. Remove one that is no longer used.',
  },
  'plugins.address_refused': { status: 400, sentence: 'This address cannot be called.' },
  'plugins.token_required': {
    status: 403,
    sentence: 'Only the plugin itself can do this. Send its token, which was shown when it was registered.',
  },
  'webhooks.owned_by_plugin': {
    status: 409,
    sentence: 'This webhook belongs to a plugin. Change or disable the plugin instead.',
  },
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
