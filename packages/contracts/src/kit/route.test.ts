import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { upload } from './media.ts'
import { impliedProblems, problemsOf } from './implied.ts'
import { isMutation, pathSegments, route } from './route.ts'

const open = route({
  id: 'things.list',
  method: 'GET',
  path: '/api/things',
  summary: 'List things',
  access: { public: 'for the test' },
  limit: 'none',
  answers: { 200: null },
})
const guarded = route({
  id: 'things.create',
  method: 'POST',
  path: '/api/things',
  summary: 'Create a thing',
  access: { permission: 'create' },
  audit: 'thing.created',
  body: z.object({ name: z.string() }),
  answers: { 201: null },
  problems: ['groups.not_found', 'auth.forbidden'],
})

describe('paths', () => {
  it('are split into literal and parameter segments', () => {
    expect(pathSegments('/api/groups/{id}/members')).toEqual([
      { literal: 'api' },
      { literal: 'groups' },
      { parameter: 'id' },
      { literal: 'members' },
    ])
  })

  it('braces inside a segment are literal, so that a sweep can refuse them', () => {
    expect(pathSegments('/api/a{id}')).toEqual([{ literal: 'api' }, { literal: 'a{id}' }])
  })
})

describe('mutations', () => {
  it('are all methods but GET', () => {
    expect((['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map(isMutation)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ])
  })
})

describe('implied problems', () => {
  it('an open route without limit and input can only find the database gone', () => {
    expect(impliedProblems(open)).toEqual(['server.unavailable'])
  })

  it('access, limit and input each bring their own', () => {
    expect(impliedProblems(guarded).toSorted()).toEqual(
      [
        'auth.csrf_invalid',
        'auth.forbidden',
        'auth.password_change_required',
        'auth.required',
        'request.invalid',
        'request.limited',
        'request.malformed',
        'request.too_large',
        'request.type_unsupported',
        'server.unavailable',
      ].toSorted(),
    )
  })

  it('a sign-in is enough where no permission is asked', () => {
    const signedIn = { ...open, access: { signedIn: true } } as const
    expect(impliedProblems(signedIn)).toContain('auth.required')
    expect(impliedProblems(signedIn)).not.toContain('auth.forbidden')
  })

  it('an upload can be of the wrong type', () => {
    expect(impliedProblems({ ...guarded, body: upload('text/csv') })).toContain('request.type_unsupported')
  })

  it('stand once beside those a route names itself', () => {
    const codes = problemsOf(guarded)
    expect(codes).toContain('groups.not_found')
    expect(codes.filter((code) => code === 'auth.forbidden')).toHaveLength(1)
  })
})
