import { commonProblems } from '@holdfast/contracts/common-problems'
import { problemsOf } from '@holdfast/contracts/kit/implied'
import { isUpload } from '@holdfast/contracts/kit/media'
import { isMutation, pathSegments, type RouteShape } from '@holdfast/contracts/kit/route'
import { permissionNames } from '@holdfast/contracts/permissions'
import { problems } from '@holdfast/contracts/problems'
import { allRoutes } from '@holdfast/contracts/routes'
import { describe, expect, it } from 'vitest'
import { codeOf, sources } from './sources.ts'

const repeated = (values: string[]) => values.filter((value, index) => values.indexOf(value) !== index)
const serverCode = sources('packages/server/src/**/*.ts')
  .map(({ text }) => codeOf(text))
  .join('\n')
const raised = (code: string) => serverCode.includes(`'${code}'`)

function auditMistake({ method, audit }: RouteShape): string | null {
  if (!isMutation(method)) return audit === undefined ? null : 'A route that reads leaves no audit row.'
  if (typeof audit === 'string')
    return /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/.test(audit) ? null : `"${audit}" is no action.`
  return /\w+ \w+/.test(audit?.none ?? '') ? null : 'It does not say why it leaves no audit row.'
}

function accessMistake({ access }: RouteShape): string | null {
  if ('public' in access) return /\w+ \w+/.test(access.public) ? null : 'It does not say why it is open.'
  if (!('permission' in access)) return null
  const asked = typeof access.permission === 'string' ? [access.permission] : access.permission
  const unknown = asked.filter((name) => !permissionNames.includes(name))
  return unknown.length === 0 ? null : `There is no permission ${unknown.join(', ')}.`
}

describe('the catalogue of routes', () => {
  it('has no id twice', () => {
    expect(repeated(allRoutes.map(({ id }) => id))).toEqual([])
  })

  it('has no method and path twice, whatever the parameters are called', () => {
    const addresses = allRoutes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
    expect(repeated(addresses)).toEqual([])
  })

  it('every declared problem is raised somewhere in the server', () => {
    const silent = allRoutes.flatMap((route) =>
      (route.problems ?? []).filter((code) => !raised(code)).map((code) => `${route.id}: ${code}`),
    )
    expect(silent).toEqual([])
  })
})

describe.each(allRoutes.map((route) => [route.id, route] as const))('%s', (_id, route) => {
  const parameters = pathSegments(route.path).flatMap((segment) =>
    'parameter' in segment ? [segment.parameter] : [],
  )

  it('has an id of area and verb, and a summary for people', () => {
    expect(route.id).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/)
    expect(route.summary).toMatch(/^[A-Z].{3,}[^.]$/)
  })

  it('has a path that a client can fill and a reader can predict', () => {
    expect(route.path).toMatch(/^(\/(\{[a-z][A-Za-z0-9]*\}|[a-z0-9.][a-z0-9._-]*))+$/)
    expect(repeated(parameters)).toEqual([])
  })

  it('declares exactly the parameters of its path', () => {
    expect(Object.keys(route.params?.shape ?? {}).toSorted()).toEqual(parameters.toSorted())
  })

  it('says how it is audited when it changes something, and only then', () => {
    expect(auditMistake(route)).toBeNull()
  })

  it('asks for permissions that exist, or gives the reason why it is open', () => {
    expect(accessMistake(route)).toBeNull()
  })

  it('declares problems that exist, each once, and none that is implied', () => {
    const declared = route.problems ?? []
    expect(declared.filter((code) => !Object.hasOwn(problems, code))).toEqual([])
    expect(repeated([...declared])).toEqual([])
    expect(new Set(problemsOf(route)).size).toBe(problemsOf(route).length)
  })

  it('has a success answer, and reads a body only when it changes something', () => {
    const statuses = Object.keys(route.answers).map(Number)
    expect(statuses.length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status < 200 || status > 399)).toEqual([])
    expect(route.body === undefined || isMutation(route.method)).toBe(true)
    expect(isUpload(route.body) && route.method === 'DELETE').toBe(false)
  })
})

describe('the catalogue of problems', () => {
  const declared = new Set(allRoutes.flatMap((route) => problemsOf(route)))
  /** No route answers these: work that goes on after the answer ends with them, and its operation shows them. */
  const inOperations = [
    'backups.unusable',
    'endpoints.values_not_unique',
    'endpoints.values_too_long',
    'operations.interrupted',
  ]
  /** Raised below or beside the routes: by the HTTP base, by the record runtime (and the handlers in it) on paths no contract knows, by jobs, and in the redirect that ends a sign-in elsewhere. */
  const beside = (code: string) =>
    Object.hasOwn(commonProblems, code) ||
    /^(handlers|oauth|records|runtime)\./.test(code) ||
    inOperations.includes(code)

  it('has no code without a user', () => {
    const unused = Object.keys(problems).filter(
      (code) => !declared.has(code as keyof typeof problems) && !(beside(code) && raised(code)),
    )
    expect(unused).toEqual([])
  })
})
