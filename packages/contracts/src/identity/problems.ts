import { defineProblems } from '../kit/problem.ts'

export const identityProblems = defineProblems({
  'groups.not_found': { status: 404, sentence: 'There is no group with this id.' },
  'groups.name_taken': {
    status: 409,
    sentence: 'A group with this name already exists. Choose another name.',
  },
  'groups.system_protected': { status: 403, sentence: 'System groups cannot be changed or deleted.' },
})
