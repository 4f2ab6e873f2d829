import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({
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
