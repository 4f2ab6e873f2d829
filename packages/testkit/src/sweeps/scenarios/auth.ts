import {
  adminResetPassword,
  changePassword,
  csrfToken,
  forgotPassword,
  listAuthUsers,
  login,
  logout,
  me,
  refresh,
  register,
  resetPassword,
  sessionCsrfToken,
} from '@holdfast/contracts/identity/auth'
import {
  forgotPasswordV1,
  loginV1,
  logoutV1,
  refreshV1,
  registerV1,
  resetPasswordV1,
} from '@holdfast/contracts/identity/auth-v1'
import { jwks } from '@holdfast/contracts/identity/jwks'
import { getProfile, updateProfile } from '@holdfast/contracts/identity/profile'
import { createUser, updateUser, type UserStatus } from '@holdfast/contracts/identity/users'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import { testPassword } from '../../people.ts'
import { type Call, scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { attemptsPastLock, unknownId } from './ids.ts'
import { tokenOf } from './tokens.ts'
import { makeUser } from './users.ts'

const wrongPassword = 'Wrong-horse-9'
const newPassword = 'Better-horse-10'

async function loginOf(world: World, status: UserStatus): Promise<string> {
  const user = await makeUser(world)
  const client = await world.adminClient()
  await client.call(updateUser, { params: { id: user.id }, body: { status } })
  return user.login
}

/** Wrong passwords until the account is locked, each from another address. */
async function lockedLogin(world: World): Promise<string> {
  const user = await makeUser(world)
  for (let attempt = 0; attempt < attemptsPastLock; attempt++) {
    await world.send(login, { as: nobody, body: { login: user.login, password: wrongPassword } })
  }
  return user.login
}

/** A user whose own password was given wrongly too often. */
async function lockedUser(world: World) {
  const as = await world.as('user')
  const body = { current_password: wrongPassword, new_password: newPassword }
  for (let attempt = 0; attempt < attemptsPastLock; attempt++) await world.send(changePassword, { as, body })
  return as
}

async function invitationToken(world: World): Promise<string> {
  const client = await world.adminClient()
  const { setPasswordToken } = await client.call(createUser, { body: { login: world.fresh('guest') } })
  return setPasswordToken ?? ''
}

const person = (world: World) => ({
  email: `${world.fresh('grace')}@example.com`,
  password: testPassword,
  name: 'Grace Hopper',
})

/** Taken names, and a server that takes nobody. */
function registerProblems<C>(call: (body: ReturnType<typeof person>) => C) {
  return {
    'auth.registration_disabled': {
      environment: {},
      way: async (world: World) => {
        await (await world.adminClient()).call(updateSettings, { body: { enableRegistration: false } })
        return call(person(world))
      },
    },
    'users.email_taken': async (world: World) => {
      const taken = await makeUser(world)
      return call({ ...person(world), email: taken.email ?? '' })
    },
  }
}

/** A relay that nobody answers: handing over happens in the background. */
const withMail = { HOLDFAST_SMTP_URL: 'smtp://127.0.0.1:9' }

const bySomebody = async (world: World): Promise<Pick<Call, 'as'>> => ({ as: await world.as('user') })

export const authScenarios = [
  scenario(login, {
    success: async (world) => ({
      as: nobody,
      body: { login: (await makeUser(world)).login, password: testPassword },
    }),
    problems: {
      'auth.credentials_invalid': async (world) => ({
        as: nobody,
        body: { login: (await makeUser(world)).login, password: wrongPassword },
      }),
      'auth.account_inactive': async (world) => ({
        as: nobody,
        body: { login: await loginOf(world, 'inactive'), password: testPassword },
      }),
      'auth.locked': async (world) => ({
        as: nobody,
        body: { login: await lockedLogin(world), password: testPassword },
      }),
    },
  }),
  scenario(refresh, {
    success: async (world) => ({
      as: nobody,
      body: { refreshToken: (await world.as('user')).refreshToken },
    }),
    problems: { 'auth.refresh_invalid': () => ({ as: nobody, body: { refreshToken: 'hfr_nonsense' } }) },
  }),
  scenario(logout, { success: bySomebody }),
  scenario(me, { success: bySomebody }),
  scenario(csrfToken, { success: () => ({ as: nobody }) }),
  scenario(sessionCsrfToken, { success: bySomebody }),
  scenario(register, {
    success: (world) => ({ as: nobody, body: person(world) }),
    problems: {
      ...registerProblems((body) => ({ as: nobody, body })),
      'users.login_taken': async (world) => ({
        as: nobody,
        body: { ...person(world), login: (await makeUser(world)).login },
      }),
    },
  }),
  scenario(forgotPassword, {
    success: {
      environment: withMail,
      way: async (world) => ({ as: nobody, body: { email: (await makeUser(world)).email ?? '' } }),
    },
    problems: { 'mail.not_configured': () => ({ as: nobody, body: { email: 'ada@example.com' } }) },
  }),
  scenario(resetPassword, {
    success: async (world) => ({
      as: nobody,
      body: { token: await invitationToken(world), password: newPassword },
    }),
    problems: {
      'auth.reset_token_invalid': () => ({ as: nobody, body: { token: 'nonsense', password: newPassword } }),
    },
  }),
  scenario(changePassword, {
    success: async (world) => ({
      as: await world.as('user'),
      body: { current_password: testPassword, new_password: newPassword },
    }),
    problems: {
      'auth.password_wrong': async (world) => ({
        as: await world.as('user'),
        body: { current_password: wrongPassword, new_password: newPassword },
      }),
      'auth.locked': async (world) => ({
        as: await lockedUser(world),
        body: { current_password: testPassword, new_password: newPassword },
      }),
    },
  }),
  scenario(adminResetPassword, {
    success: async (world) => ({
      body: { username: (await makeUser(world)).login, new_password: newPassword },
    }),
    problems: {
      'users.not_found': () => ({ body: { username: unknownId, new_password: newPassword } }),
      'users.beyond_own_rights': async (world) => ({
        as: await world.as('admin'),
        body: { username: (await world.admin()).user.login, new_password: newPassword },
      }),
    },
  }),
  scenario(listAuthUsers, { success: () => ({ query: {} }) }),
  scenario(jwks, { success: () => ({ as: nobody }) }),
  scenario(getProfile, { success: bySomebody }),
  scenario(updateProfile, {
    success: async (world) => ({ as: await world.as('user'), body: { name: 'Grace' } }),
    problems: {
      'users.login_taken': async (world) => ({
        as: await world.as('user'),
        body: { login: (await makeUser(world)).login },
      }),
      'users.email_taken': async (world) => ({
        as: await world.as('user'),
        body: { email: (await makeUser(world)).email, currentPassword: testPassword },
      }),
      'auth.password_wrong': async (world) => ({
        as: await world.as('user'),
        body: { password: newPassword, currentPassword: wrongPassword },
      }),
      'auth.locked': async (world) => ({
        as: await lockedUser(world),
        body: { password: newPassword, currentPassword: testPassword },
      }),
      'auth.session_required': async (world) => ({
        as: await tokenOf(await world.as('user')),
        body: { name: 'Grace' },
      }),
    },
  }),
]

/** The same doors as reference 004 knows them. */
export const authV1Scenarios = [
  scenario(loginV1, {
    success: async (world) => ({
      as: nobody,
      body: { email: (await makeUser(world)).email ?? '', password: testPassword },
    }),
    problems: {
      'auth.credentials_invalid': () => ({
        as: nobody,
        body: { email: 'nobody@example.com', password: wrongPassword },
      }),
      'auth.account_inactive': async (world) => ({
        as: nobody,
        body: { login: await loginOf(world, 'inactive'), password: testPassword },
      }),
      'auth.account_suspended': async (world) => ({
        as: nobody,
        body: { login: await loginOf(world, 'suspended'), password: testPassword },
      }),
      'auth.locked': async (world) => ({
        as: nobody,
        body: { login: await lockedLogin(world), password: testPassword },
      }),
    },
  }),
  scenario(registerV1, {
    success: (world) => ({ as: nobody, body: person(world) }),
    problems: {
      ...registerProblems((body) => ({ as: nobody, body })),
      'users.login_taken': async (world) => {
        const body = person(world)
        const client = await world.adminClient()
        await client.call(createUser, { body: { login: body.email, email: body.email } })
        return { as: nobody, body }
      },
    },
  }),
  scenario(refreshV1, {
    success: async (world) => ({
      as: nobody,
      body: { refresh_token: (await world.as('user')).refreshToken },
    }),
    problems: { 'auth.refresh_invalid': () => ({ as: nobody, body: { refresh_token: 'hfr_nonsense' } }) },
  }),
  scenario(logoutV1, { success: bySomebody }),
  scenario(forgotPasswordV1, {
    success: {
      environment: withMail,
      way: async (world) => ({ as: nobody, body: { email: (await makeUser(world)).email ?? '' } }),
    },
    problems: { 'mail.not_configured': () => ({ as: nobody, body: { email: 'ada@example.com' } }) },
  }),
  scenario(resetPasswordV1, {
    success: async (world) => ({
      as: nobody,
      body: { token: await invitationToken(world), new_password: newPassword },
    }),
    problems: {
      'auth.reset_token_invalid': () => ({
        as: nobody,
        body: { token: 'nonsense', new_password: newPassword },
      }),
    },
  }),
]
