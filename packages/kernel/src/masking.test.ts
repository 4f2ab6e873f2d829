import { describe, expect, it } from 'vitest'
import { createMask } from './masking.ts'

describe('masking', () => {
  const mask = createMask(['newPassword', 'set-cookie', 'token'])

  it('finds a name however it is written, at any depth, in lists and in errors', () => {
    const deep = { a: [{ b: { c: { d: { e: { f: { new_password: 'x', kept: 1 } } } } } }] }
    expect(mask(deep)).toEqual({
      a: [{ b: { c: { d: { e: { f: { new_password: '[secret]', kept: 1 } } } } } }],
    })
    expect(mask({ NEW_PASSWORD: 'x', 'Set-Cookie': ['x'], token: { value: 'x' } })).toEqual({
      NEW_PASSWORD: '[secret]',
      'Set-Cookie': '[secret]',
      token: '[secret]',
    })
    const cause = Object.assign(new TypeError('inner'), { token: 'x' })
    expect(
      mask({ err: Object.assign(new Error('outer', { cause }), { token: 'x', code: 'E1' }) }),
    ).toMatchObject({
      err: {
        type: 'Error',
        message: 'outer',
        stack: expect.stringContaining('masking.test'),
        code: 'E1',
        token: '[secret]',
        cause: { type: 'TypeError', message: 'inner', token: '[secret]' },
      },
    })
  })

  it('shows flags and absences, and leaves everything else as it is', () => {
    const at = new Date(0)
    const value = { token: null, newPassword: true, tokens: 3, at, url: new URL('https://example.com') }
    expect(mask(value)).toEqual(value)
  })

  it('ends at an object that holds itself', () => {
    const round: Record<string, unknown> = { token: 'x' }
    round.self = round
    expect(JSON.stringify(mask(round))).not.toContain('"x"')
  })
})
