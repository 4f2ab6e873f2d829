import { defineProblems } from '../kit/problem.ts'

export const platformProblems = defineProblems({})
