import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { secret, secretPaths } from './secret.ts'

describe('secret marks', () => {
  const schema = z.object({
    login: z.string(),
    password: secret(z.string()),
    mail: z.object({ url: secret(z.string()).optional(), from: z.string() }),
    token: secret(z.string().nullable()).default(null),
  })

  it('are found at every depth and behind optional, nullable and default', () => {
    expect(secretPaths(schema)).toEqual(['password', 'mail.url', 'token'])
  })

  it('do not touch the schema that was marked', () => {
    const plain = z.string()
    secret(plain)
    expect(secretPaths(z.object({ plain }))).toEqual([])
  })

  it('do not change what is accepted', () => {
    expect(schema.safeParse({ login: 'a', password: 1, mail: { from: '' } }).success).toBe(false)
    expect(schema.parse({ login: 'a', password: 'b', mail: { from: '' } })).toMatchObject({ password: 'b' })
  })

  it('say to documentation that the value is written and never read', () => {
    expect(z.toJSONSchema(secret(z.string()))).toMatchObject({ format: 'password', writeOnly: true })
  })
})
