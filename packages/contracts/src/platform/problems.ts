import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({
  'audit.not_found': { status: 404, sentence: 'There is no audit entry with this id.' },
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
