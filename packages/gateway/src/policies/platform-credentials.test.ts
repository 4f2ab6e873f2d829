import { createIds } from '@holdfast/kernel/id'
import { systemClock } from '@holdfast/kernel/clock'
import { issueToken } from '@holdfast/kernel/crypto/token'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Upsert } from '../data-plane.ts'
import { changeOf, consumerOf, routeOf, serviceOf, startPlane, startService } from '../proxy/fixtures.ts'

const ids = createIds(systemClock)

describe('what could act on the platform', async () => {
  const userId = ids.uuid()
  const keys = await generateKeyPair('EdDSA', { extractable: true })
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }
  const member: Upsert = { kind: 'member', id: userId, entity: { id: userId } }
  const consumerKey = 'gw_test_0123456789'
  const tokenOf = ({ use = 'access', sub = userId, kid = 'k1', issuer = 'holdfast', seconds = 600 } = {}) =>
    new SignJWT({ use, sid: 'session' })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(issuer)
      .setSubject(sub)
      .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
      .sign(keys.privateKey)

  /** An open route to a service that shows what it got. */
  async function start(known: typeof jwks | null = jwks) {
    const seen: Record<string, string | string[] | undefined>[] = []
    const { url: upstream } = await startService((request, response) => {
      seen.push(request.headers)
      response.end('hello')
    })
    const service = serviceOf(upstream)
    const upserts = [service, routeOf(service.id), member, consumerOf(consumerKey, 'premium')]
    const { url, plane } = await startPlane(upserts)
    if (known !== null) await plane.apply(changeOf([], { jwks: known }))
    const ask = async (headers: Record<string, string>) => {
      const { status } = await fetch(url, { headers })
      expect(status).toBe(200)
      return seen.at(-1) ?? {}
    }
    return { ask }
  }

  it.each([
    ['an access token of a member', {}],
    ['the token of seven days', { use: 'token' }],
    ['the token of the console', { use: 'cookie' }],
    ['an access token of somebody who is no member', { sub: ids.uuid() }],
    ['one that has expired', { seconds: -10 }],
  ])('%s never reaches a service, also where no credential is asked for', async (_title, claims) => {
    const { ask } = await start()
    const token = await tokenOf(claims)
    for (const credential of [
      { authorization: `Bearer ${token}` },
      { authorization: `ApiKey ${token}` },
      { 'x-api-key': token },
      { authorization: `Bearer ${token}`, 'x-api-key': consumerKey },
    ])
      expect(JSON.stringify(await ask(credential))).not.toContain(token)
  })

  it('a token that says it is of the platform stays while the keys are not known', async () => {
    const { ask } = await start(null)
    const token = await tokenOf()
    expect(await ask({ authorization: `Bearer ${token}` })).not.toHaveProperty('authorization')
  })

  it.each(['dap', 'hft', 'hfg', 'hfr'])('a secret of the platform (%s_…) stays', async (label) => {
    const { ask } = await start()
    const { token } = issueToken(label)
    for (const credential of [{ authorization: `Bearer ${token}` }, { 'x-api-key': token }])
      expect(JSON.stringify(await ask(credential))).not.toContain(token)
  })

  it("a service's own token passes, beside a consumer's key too", async () => {
    const { ask } = await start()
    const authorization = `Bearer ${await tokenOf({ kid: 'other', issuer: 'shop' })}`
    expect(await ask({ authorization })).toMatchObject({ authorization })
    const both = await ask({ authorization, 'x-api-key': consumerKey })
    expect(both).toMatchObject({ authorization, 'x-consumer-id': expect.any(String) })
    expect(both).not.toHaveProperty('x-api-key')
  })
})
