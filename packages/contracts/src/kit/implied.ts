import type { ProblemCode } from '../problems.ts'
import { isMutation, type RouteShape } from './route.ts'

/** The problems that follow from a route's declaration, beside those it names itself. */
export function impliedProblems(route: RouteShape): ProblemCode[] {
  const implied: ProblemCode[] = ['server.unavailable']
  if (route.limit !== 'none') implied.push('request.limited')
  if (!('public' in route.access)) {
    implied.push('auth.required')
    if (!route.openBeforePasswordChange) implied.push('auth.password_change_required')
    if (isMutation(route.method)) implied.push('auth.csrf_invalid')
  }
  if ('permission' in route.access || 'admin' in route.access) implied.push('auth.forbidden')
  if ('organization' in route.access) {
    implied.push('organizations.not_found')
    if (route.access.organization === 'admin') implied.push('auth.forbidden')
  }
  if (route.params || route.query || route.body) implied.push('request.invalid')
  if (route.body) implied.push('request.malformed', 'request.too_large', 'request.type_unsupported')
  return implied
}

/** All problems a route may answer, without repeats. */
export function problemsOf(route: RouteShape): ProblemCode[] {
  return [...new Set([...impliedProblems(route), ...(route.problems ?? [])])]
}
