import { login } from '@holdfast/contracts/identity/auth'
import { allRoutes } from '@holdfast/contracts/routes'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refuseUnmarkedSecrets } from './secret-marks.ts'

describe('the marks of secret fields', () => {
  it('are all there', () => {
    expect(() => refuseUnmarkedSecrets(allRoutes)).not.toThrow()
  })

  it('a start is refused when one is missing, or its field is called something else', () => {
    const without = (body: z.ZodType) =>
      allRoutes.map((route) => (route.id === login.id ? { ...route, body } : route))
    const unmarked = z.object({ login: z.string(), password: z.string() })
    expect(() => refuseUnmarkedSecrets(without(unmarked))).toThrow('auth.login: password')
    expect(() => refuseUnmarkedSecrets(without(z.object({ pass: z.string() })))).toThrow(
      'auth.login: password',
    )
  })
})
