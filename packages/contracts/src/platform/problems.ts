import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({
  'audit.not_found': { status: 404, sentence: 'There is no audit entry with this id.' },
  'operations.not_found': { status: 404, sentence: 'There is no operation with this id.' },
  'operations.already_finished': {
    status: 409,
    sentence: 'This operation is already finished. There is nothing to cancel.',
  },
})
