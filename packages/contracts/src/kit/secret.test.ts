import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isSecret, schemaProperties, secret } from './secret.ts'

describe('secret marks', () => {
  const schema = z.object({
    login: z.string(),
    password: secret(z.string()),
    mail: z.object({ url: secret(z.string()).optional(), from: z.string() }),
    token: secret(z.string().nullable()).default(null),
    keys: z.array(z.object({ secret: secret(z.string()) })),
  })
  const marked = (of: z.ZodType) =>
    [...schemaProperties(of)].filter(([, property]) => isSecret(property)).map(([name]) => name)

  it('are found at every depth and behind optional, nullable, default, lists and unions', () => {
    expect(marked(schema)).toEqual(['password', 'url', 'token', 'secret'])
    expect(marked(z.union([z.null(), schema.partial()]))).toEqual(['password', 'url', 'token', 'secret'])
  })

  it('do not touch the schema that was marked', () => {
    const plain = z.string()
    secret(plain)
    expect(marked(z.object({ plain }))).toEqual([])
  })

  it('do not change what is accepted', () => {
    expect(schema.safeParse({ login: 'a', password: 1, mail: { from: '' }, keys: [] }).success).toBe(false)
    expect(schema.parse({ login: 'a', password: 'b', mail: { from: '' }, keys: [] })).toMatchObject({
      password: 'b',
    })
  })

  it('say to documentation that the value is written and never read', () => {
    expect(z.toJSONSchema(secret(z.string()))).toMatchObject({ format: 'password', writeOnly: true })
  })
})
