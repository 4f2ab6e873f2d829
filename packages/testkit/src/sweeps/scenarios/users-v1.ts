import {
  changeOwnPassword,
  createUserV1,
  deleteUserV1,
  getOwnUser,
  getUserV1,
  listAdminUsers,
  listPermissions,
  listUsersV1,
  suspendUser,
  unsuspendUser,
} from '@holdfast/contracts/identity/users-v1'
import { testPassword } from '../../people.ts'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { attemptsPastLock, unknownId } from './ids.ts'
import { makeUser } from './users.ts'

const newPassword = 'Better-horse-10'

async function guest(world: World) {
  return { params: { id: (await makeUser(world)).id } }
}

async function suspended(world: World) {
  const call = await guest(world)
  const client = await world.adminClient()
  await client.call(suspendUser, call)
  return call
}

/** An administrator, who is below a Super Admin. */
async function reachAbove(world: World) {
  return { as: await world.as('admin'), params: { id: (await world.admin()).user.id } }
}

async function oneself(world: World) {
  const as = await world.admin()
  return { as, params: { id: as.user.id } }
}

const onlyByRace = 'Whoever may do this to a Super Admin is an active one, and not the one it is done to.'

export const userV1Scenarios = [
  scenario(getOwnUser, { success: async (world) => ({ as: await world.as('user') }) }),
  scenario(changeOwnPassword, {
    success: async (world) => ({
      as: await world.as('user'),
      body: { current_password: testPassword, new_password: newPassword },
    }),
    problems: {
      'auth.password_wrong': async (world) => ({
        as: await world.as('user'),
        body: { current_password: 'Wrong-horse-9', new_password: newPassword },
      }),
      'auth.locked': async (world) => {
        const as = await world.as('user')
        const body = { current_password: 'Wrong-horse-9', new_password: newPassword }
        for (let attempt = 0; attempt < attemptsPastLock; attempt++)
          await world.send(changeOwnPassword, { as, body })
        return { as, body: { ...body, current_password: testPassword } }
      },
    },
  }),
  scenario(listUsersV1, { success: () => ({ query: {} }) }),
  scenario(createUserV1, {
    success: (world) => ({ body: { email: `${world.fresh('ada')}@example.com`, password: testPassword } }),
    problems: {
      'users.email_taken': async (world) => ({
        body: { email: (await makeUser(world)).email ?? '', login: world.fresh('ada') },
      }),
      'users.login_taken': async (world) => ({
        body: { email: `${world.fresh('ada')}@example.com`, login: (await makeUser(world)).login },
      }),
    },
  }),
  scenario(getUserV1, {
    success: guest,
    problems: { 'users.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(deleteUserV1, {
    success: guest,
    problems: {
      'users.not_found': () => ({ params: { id: unknownId } }),
      'users.beyond_own_rights': reachAbove,
      'users.yourself_protected': oneself,
      'users.last_super_admin': { onlyByRace },
    },
  }),
  scenario(listPermissions, { success: async (world) => ({ as: await world.as('user') }) }),
  scenario(listAdminUsers, { success: () => ({ query: { search: 'ada' } }) }),
  scenario(suspendUser, {
    success: guest,
    problems: {
      'users.not_found': () => ({ params: { id: unknownId } }),
      'users.beyond_own_rights': reachAbove,
      'users.yourself_protected': oneself,
      'users.last_super_admin': { onlyByRace },
    },
  }),
  scenario(unsuspendUser, {
    success: suspended,
    problems: {
      'users.not_found': () => ({ params: { id: unknownId } }),
      'users.beyond_own_rights': reachAbove,
      'users.not_suspended': guest,
    },
  }),
]
