import {
  createUser,
  deleteNamedUser,
  deleteUser,
  getUser,
  listUsers,
  patchUser,
  updateNamedUser,
  updateUser,
} from '@holdfast/contracts/identity/users'
import { testPassword } from '../../people.ts'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { makeGroup } from './groups.ts'
import { systemGroupIds, unknownId } from './ids.ts'

const body = (world: World) => ({
  login: world.fresh('ada'),
  email: `${world.fresh('ada')}@example.com`,
  name: 'Ada Lovelace',
  password: testPassword,
})

/** A user that was just made. */
export async function makeUser(world: World) {
  const { data } = await (await world.adminClient()).call(createUser, { body: body(world) })
  return data
}

async function makeInvitedUser(world: World) {
  const { data } = await (await world.adminClient()).call(createUser, {
    body: { login: world.fresh('guest') },
  })
  return data
}

/** Somebody's rights do not reach above their own. */
async function reachAbove(world: World) {
  const [actor, target] = await Promise.all([world.as(['manage_users']), world.admin()])
  return { as: actor, id: target.user.id }
}

type Named = { id: string; body: Record<string, unknown>; as?: Awaited<ReturnType<World['admin']>> }

/** The same refusals for the three routes that change a user; they differ in where the id stands. */
function changeProblems<C>(call: (named: Named) => C) {
  return {
    'users.not_found': () => call({ id: unknownId, body: { name: 'Nobody' } }),
    'users.login_taken': async (world: World) =>
      call({ id: (await makeUser(world)).id, body: { login: (await makeUser(world)).login } }),
    'users.email_taken': async (world: World) =>
      call({ id: (await makeUser(world)).id, body: { email: (await makeUser(world)).email } }),
    'users.beyond_own_rights': async (world: World) => {
      const { as, id } = await reachAbove(world)
      return call({ as, id, body: { name: 'Mine' } })
    },
    'groups.beyond_own_rights': async (world: World) => {
      const target = await makeInvitedUserWithoutGroups(world)
      return call({
        as: await world.as(['manage_users']),
        id: target.id,
        body: { groupIds: [(await makeGroup(world)).id] },
      })
    },
    'users.yourself_protected': async (world: World) => {
      const as = await world.admin()
      return call({ as, id: as.user.id, body: { status: 'suspended' } })
    },
    'users.last_super_admin': {
      environment: {},
      way: async (world: World) => {
        const as = await world.admin()
        return call({ as, id: as.user.id, body: { groupIds: [systemGroupIds.user] } })
      },
    },
    'users.password_missing': async (world: World) =>
      call({ id: (await makeInvitedUser(world)).id, body: { status: 'active' } }),
  }
}

async function makeInvitedUserWithoutGroups(world: World) {
  const client = await world.adminClient()
  const { data } = await client.call(createUser, { body: { login: world.fresh('guest'), groupIds: [] } })
  return data
}

function deleteProblems<C>(call: (named: Omit<Named, 'body'>) => C) {
  return {
    'users.not_found': () => call({ id: unknownId }),
    'users.beyond_own_rights': async (world: World) => call(await reachAbove(world)),
    'users.yourself_protected': async (world: World) => {
      const as = await world.admin()
      return call({ as, id: as.user.id })
    },
    'users.last_super_admin': {
      onlyByRace: 'Whoever may delete a Super Admin is an active one, and not the one deleted.',
    },
  }
}

const byPath = ({ id, ...rest }: Named) => ({ params: { id }, ...rest })
const byBody = ({ id, body: change, ...rest }: Named) => ({ query: {}, body: { id, ...change }, ...rest })

export const userScenarios = [
  scenario(listUsers, { success: () => ({ query: {} }) }),
  scenario(getUser, {
    success: async (world) => ({ params: { id: (await makeUser(world)).id } }),
    problems: { 'users.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(createUser, {
    success: (world) => ({ body: body(world) }),
    problems: {
      'users.login_taken': async (world) => ({
        body: { ...body(world), login: (await makeUser(world)).login },
      }),
      'users.email_taken': async (world) => ({
        body: { ...body(world), email: (await makeUser(world)).email ?? '' },
      }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        body: { ...body(world), groupIds: [systemGroupIds.admin] },
      }),
    },
  }),
  scenario(updateUser, {
    success: async (world) => byPath({ id: (await makeUser(world)).id, body: { name: 'Ada' } }),
    problems: changeProblems(byPath),
  }),
  scenario(patchUser, {
    success: async (world) => byPath({ id: (await makeUser(world)).id, body: { name: 'Ada' } }),
    problems: changeProblems(byPath),
  }),
  scenario(updateNamedUser, {
    success: async (world) => byBody({ id: (await makeUser(world)).id, body: { name: 'Ada' } }),
    problems: changeProblems(byBody),
  }),
  scenario(deleteUser, {
    success: async (world) => ({ params: { id: (await makeUser(world)).id } }),
    problems: deleteProblems(({ id, ...rest }) => ({ params: { id }, ...rest })),
  }),
  scenario(deleteNamedUser, {
    success: async (world) => ({ query: {}, body: { id: (await makeUser(world)).id } }),
    problems: deleteProblems(({ id, ...rest }) => ({ query: {}, body: { id }, ...rest })),
  }),
]
