import { Problem, type ProblemOptions } from './kit/problem.ts'
import { commonProblems } from './common-problems.ts'
import { identityProblems } from './identity/problems.ts'
import { gatewayProblems } from './gateway/problems.ts'
import { platformProblems } from './platform/problems.ts'
import { builderProblems } from './builder/problems.ts'
import { automationProblems } from './builder/automation-problems.ts'
import { integrationProblems } from './builder/integration-problems.ts'
import { recordProblems } from './builder/record-problems.ts'

/** Every problem the product can answer. One file per area; a test refuses a code without users or with two owners. */
export const problems = {
  ...commonProblems,
  ...identityProblems,
  ...platformProblems,
  ...builderProblems,
  ...recordProblems,
  ...automationProblems,
  ...integrationProblems,
  ...gatewayProblems,
}

export type ProblemCode = keyof typeof problems

/** Makes a problem from the catalogue: `throw problem('users.not_found')`. */
export function problem(code: ProblemCode, options: ProblemOptions = {}): Problem {
  const definition = problems[code]
  return new Problem(code, definition.status, options.sentence ?? definition.sentence, options)
}
