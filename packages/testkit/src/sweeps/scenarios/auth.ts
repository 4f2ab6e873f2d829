import {
  csrfToken,
  login,
  logout,
  me,
  refresh,
  sessionCsrfToken,
} from '@holdfast/contracts/identity/auth'
import { updateUser } from '@holdfast/contracts/identity/users'
import { testPassword } from '../../people.ts'
import { scenario } from '../scenario.ts'
import { nobody, type World } from '../world.ts'
import { makeUser } from './users.ts'

const wrongPassword = 'Wrong-horse-9'
/** More than any setting's default allows. */
const attemptsPastLock = 12

async function suspendedLogin(world: World): Promise<string> {
  const user = await makeUser(world)
  const client = await world.adminClient()
  await client.call(updateUser, { params: { id: user.id }, body: { status: 'suspended' } })
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
        body: { login: await suspendedLogin(world), password: testPassword },
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
  scenario(logout, { success: async (world) => ({ as: await world.as('user') }) }),
  scenario(me, { success: async (world) => ({ as: await world.as('user') }) }),
  scenario(csrfToken, { success: () => ({ as: nobody }) }),
  scenario(sessionCsrfToken, { success: async (world) => ({ as: await world.as('user') }) }),
]
