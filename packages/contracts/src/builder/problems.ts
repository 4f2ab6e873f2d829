import { defineProblems } from '../kit/problem.ts'

export const builderProblems = defineProblems({})
