import { createIds } from '@holdfast/kernel/id'
import { systemClock } from '@holdfast/kernel/clock'
import {
  isVouched,
  readVouch,
  vouchedClientHeader,
  vouchingKey,
} from '@holdfast/kernel/crypto/vouched-client'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Upsert } from '../data-plane.ts'
import { changeOf, routeOf, serviceOf, settingsOf, startPlane, startService } from '../proxy/fixtures.ts'
import { withPlatformAt } from '../state/platform-service.ts'

const userId = createIds(systemClock).uuid()
const member: Upsert = { kind: 'member', id: userId, entity: { id: userId } }
const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }
const tokenOf = (use: string, subject: string) =>
  new SignJWT({ use, sid: 'session' })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
    .setIssuer('holdfast')
    .setSubject(subject)
    .setExpirationTime('10 minutes')
    .sign(privateKey)
const memberToken = await tokenOf('access', userId)
const weekToken = await tokenOf('token', userId)
const strangersToken = await tokenOf('access', createIds(systemClock).uuid())
const apiToken = `hft_${'x'.repeat(43)}`
const voucher = { keyPrefix: 'hfg_abcdefghijkl', key: vouchingKey(Buffer.from('hash of a key')) }

/** A gateway whose routes lead to the control plane below /platform, and to a service of the tenant elsewhere. */
async function start(policy: Parameters<typeof routeOf>[1] = {}) {
  const seen: { url: string; headers: Record<string, string | string[] | undefined> }[] = []
  const { url: upstream } = await startService((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers })
    response.end('hello')
  })
  const platform = serviceOf(upstream, { isPlatform: true })
  const other = serviceOf(upstream)
  const routes = [
    routeOf(platform.id, { pathPattern: '/platform', ...policy }),
    routeOf(other.id, { pathPattern: '/other', ...policy }),
  ]
  const started = await startPlane([platform, other, ...routes, settingsOf(), member], {
    voucher,
    trustedProxies: 1,
  })
  await started.plane.apply(changeOf([], { jwks }))
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(started.url + path, { headers })
    await answer.text()
    return { status: answer.status, seen: seen.splice(0)[0]?.headers }
  }
  return { ask }
}

describe('the service that is the control plane', () => {
  it.each([
    ['a member’s token', { authorization: `Bearer ${memberToken}` }],
    ['the token of seven days', { authorization: `Bearer ${weekToken}` }],
    ['a token of somebody else', { authorization: `Bearer ${strangersToken}` }],
    ['an API token as bearer', { authorization: `Bearer ${apiToken}` }],
    ['an API token as such', { authorization: `ApiKey ${apiToken}` }],
    ['an API token as a key', { 'x-api-key': apiToken }],
  ])('gets %s where the route asks for a credential', async (_title, headers) => {
    const { ask } = await start({ authRequired: true })
    const answer = await ask('/platform', headers)
    expect(answer.status).toBe(200)
    expect(answer.seen).toMatchObject(headers)
  })

  it('gets nothing from somebody without a credential, and none that only looks like one of the platform', async () => {
    const { ask } = await start({ authRequired: true })
    expect((await ask('/platform')).status).toBe(401)
    expect((await ask('/platform', { authorization: 'Bearer hft_short' })).status).toBe(401)
    expect((await ask('/platform', { authorization: 'Bearer something-else-of-a-good-length' })).status).toBe(
      401,
    )
  })

  it('is told who calls, in a way that a client cannot', async () => {
    const { ask } = await start()
    const forged = { [vouchedClientHeader]: 'hfg_abcdefghijkl 1 10.0.0.1 - AAAA' }
    const { seen } = await ask('/platform/a?q=1', { ...forged, 'x-forwarded-for': '203.0.113.7' })
    const said = readVouch(String(seen?.[vouchedClientHeader]))
    expect(said).toMatchObject({
      keyPrefix: voucher.keyPrefix,
      client: { address: '203.0.113.7', host: '127.0.0.1' },
    })
    if (said === null) throw new Error('Nothing was said.')
    expect(isVouched(voucher.key, said, { method: 'GET', path: '/platform/a' })).toBe(true)
    expect(isVouched(voucher.key, said, { method: 'GET', path: '/platform/b' })).toBe(false)
  })
})

describe('a service of the tenant', () => {
  it('gets no token of a member, and is told of no client', async () => {
    const { ask } = await start({ authRequired: true })
    const { status, seen } = await ask('/other', { authorization: `Bearer ${memberToken}` })
    expect(status).toBe(200)
    expect(JSON.stringify(seen)).not.toContain(memberToken)
    expect(seen).not.toHaveProperty(vouchedClientHeader)
  })

  it('no API token of the platform opens its routes', async () => {
    const { ask } = await start({ authRequired: true })
    expect((await ask('/other', { authorization: `Bearer ${apiToken}` })).status).toBe(401)
  })

  it.each([{}, { requestHeaders: { set: { 'x-a': '1' }, remove: [] } }])(
    'never gets the session cookie of the control plane beside it, and gets its own: %j',
    async (policy) => {
      const { ask } = await start(policy)
      const own = 'theme=dark; holdfast_sessions=2'
      expect((await ask('/other', { cookie: own })).seen?.cookie).toBe(own)
      const both = await ask('/other', { cookie: `theme=dark; holdfast_session=secret; lang=en` })
      expect(both.seen?.cookie).toBe('theme=dark; lang=en')
      expect((await ask('/other', { cookie: 'holdfast_session=secret' })).seen).not.toHaveProperty('cookie')
    },
  )
})

it('the control plane is reached where the gateway is linked, and other services where their targets say', () => {
  const elsewhere = 'http://127.0.0.1:9'
  const upserts = [serviceOf(elsewhere, { isPlatform: true }), serviceOf(elsewhere), member]
  const [platform, other, third] = withPlatformAt(new URL('https://holdfast.example/base/'), upserts)
  expect(platform).toMatchObject({ entity: { targets: [{ url: 'https://holdfast.example/base' }] } })
  expect([other, third]).toEqual([upserts[1], member])
})
