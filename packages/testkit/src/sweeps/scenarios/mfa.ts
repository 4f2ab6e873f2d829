import { login } from '@holdfast/contracts/identity/auth'
import {
  challengeMfa,
  challengeMfaSession,
  disableMfa,
  enrollMfa,
  mfaStatus,
  renewRecoveryCodes,
  resetUserMfa,
  verifyMfa,
} from '@holdfast/contracts/identity/mfa'
import { updateUser } from '@holdfast/contracts/identity/users'
import { codeAt, turnOnMfa } from '../../second-factor.ts'
import { testPassword, type TestUser } from '../../people.ts'
import { scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { attemptsPastLock, unknownId } from './ids.ts'
import { tokenOf } from './tokens.ts'
import { makeUser } from './users.ts'

const wrongCode = 'wrong-codes'

/** Somebody with a second factor, and codes that still work. */
async function withMfa(world: World) {
  const as = await world.as('user')
  const { recoveryCodes, secret } = await turnOnMfa(as, world.server.clock)
  return { as, code: recoveryCodes[0] ?? '', secret }
}

async function withEnrollment(world: World): Promise<TestUser> {
  const as = await world.as('user')
  await as.client.call(enrollMfa)
  return as
}

/** Wrong codes until no more are looked at. */
async function lockedMfa(world: World) {
  const { as, code } = await withMfa(world)
  for (let attempt = 0; attempt < attemptsPastLock; attempt++) {
    await world.send(renewRecoveryCodes, { as, body: { code: wrongCode } })
  }
  return { as, code }
}

async function challengeOf(world: World, { user }: TestUser): Promise<string> {
  const { body } = await world.send(login, {
    as: nobody,
    body: { login: user.login, password: testPassword },
  })
  return (body as { data: { challengeToken: string } }).data.challengeToken
}

/** The same refusals for both forms of the answer. */
function challengeProblems<C>(call: (body: { challenge_token: string; code: string }) => C) {
  return {
    'mfa.challenge_invalid': () => call({ challenge_token: 'hfc_nonsense', code: '123456' }),
    'mfa.challenge_refused': async (world: World) => {
      const { as } = await withMfa(world)
      return call({ challenge_token: await challengeOf(world, as), code: wrongCode })
    },
    'auth.account_inactive': async (world: World) => {
      const { as, code } = await withMfa(world)
      const challenge = await challengeOf(world, as)
      const admin = await world.adminClient()
      await admin.call(updateUser, { params: { id: as.user.id }, body: { status: 'suspended' } })
      return call({ challenge_token: challenge, code })
    },
    'auth.locked': async (world: World) => {
      const { as, code } = await withMfa(world)
      const challenge = await challengeOf(world, as)
      for (let attempt = 0; attempt < attemptsPastLock; attempt++) {
        const body = { challenge_token: challenge, code: wrongCode }
        await world.send(challengeMfa, { as: nobody, body })
      }
      return call({ challenge_token: challenge, code })
    },
  }
}

async function challenged(world: World) {
  const { as, code } = await withMfa(world)
  return { as: nobody, body: { challenge_token: await challengeOf(world, as), code } }
}

export const mfaScenarios = [
  scenario(mfaStatus, { success: async (world) => ({ as: await world.as('user') }) }),
  scenario(enrollMfa, {
    success: async (world) => ({ as: await world.as('user') }),
    problems: {
      'mfa.already_enabled': async (world) => ({ as: (await withMfa(world)).as }),
      'auth.session_required': async (world) => ({ as: await tokenOf(await world.as('user')) }),
    },
  }),
  scenario(verifyMfa, {
    success: async (world) => {
      const as = await world.as('user')
      const { secret } = await as.client.call(enrollMfa)
      return { as, body: { code: codeAt(secret, world.server.clock.nowMs()) } }
    },
    problems: {
      'mfa.not_enrolled': async (world) => ({ as: await world.as('user'), body: { code: '123456' } }),
      'mfa.already_enabled': async (world) => ({ as: (await withMfa(world)).as, body: { code: '123456' } }),
      'mfa.code_wrong': async (world) => ({ as: await withEnrollment(world), body: { code: wrongCode } }),
      'auth.locked': async (world) => {
        const as = await withEnrollment(world)
        for (let attempt = 0; attempt < attemptsPastLock; attempt++)
          await world.send(verifyMfa, { as, body: { code: wrongCode } })
        return { as, body: { code: '123456' } }
      },
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        body: { code: '123456' },
      }),
    },
  }),
  scenario(disableMfa, {
    success: async (world) => {
      const { as, code } = await withMfa(world)
      return { as, body: { code } }
    },
    problems: {
      'mfa.not_enabled': async (world) => ({ as: await world.as('user'), body: { code: '123456' } }),
      'mfa.code_wrong': async (world) => ({ as: (await withMfa(world)).as, body: { code: wrongCode } }),
      'mfa.password_required': {
        environment: {},
        way: async (world) => {
          const { as, code } = await withMfa(world)
          world.server.clock.advance(10 * 60_000)
          return { as, body: { code } }
        },
      },
      'auth.password_wrong': async (world) => {
        const { as, code } = await withMfa(world)
        return { as, body: { code, password: 'Wrong-horse-9' } }
      },
      'auth.locked': async (world) => {
        const { as, code } = await lockedMfa(world)
        return { as, body: { code } }
      },
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        body: { code: '123456' },
      }),
    },
  }),
  scenario(renewRecoveryCodes, {
    success: async (world) => {
      const { as, code } = await withMfa(world)
      return { as, body: { code } }
    },
    problems: {
      'mfa.not_enabled': async (world) => ({ as: await world.as('user'), body: { code: '123456' } }),
      'mfa.code_wrong': async (world) => ({ as: (await withMfa(world)).as, body: { code: wrongCode } }),
      'auth.locked': async (world) => {
        const { as, code } = await lockedMfa(world)
        return { as, body: { code } }
      },
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        body: { code: '123456' },
      }),
    },
  }),
  scenario(challengeMfa, {
    success: challenged,
    problems: challengeProblems((body) => ({ as: nobody, body })),
  }),
  scenario(challengeMfaSession, {
    success: challenged,
    problems: challengeProblems((body) => ({ as: nobody, body })),
  }),
  scenario(resetUserMfa, {
    success: async (world) => ({ params: { id: (await withMfa(world)).as.user.id } }),
    problems: {
      'users.not_found': () => ({ params: { id: unknownId } }),
      'users.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await world.admin()).user.id },
      }),
      'mfa.not_enabled': async (world) => ({ params: { id: (await makeUser(world)).id } }),
    },
  }),
]
