import {
  createRole,
  deleteRole,
  getRole,
  getUserRoles,
  listRoles,
  setUserRoles,
  updateRole,
} from '@holdfast/contracts/identity/roles'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { makeGroup } from './groups.ts'
import { systemGroupIds, unknownId } from './ids.ts'
import { makeUser } from './users.ts'

const body = (world: World) => ({ name: world.fresh('Role'), traits: ['view' as const] })

export const roleScenarios = [
  scenario(listRoles, { success: () => ({}) }),
  scenario(getRole, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: { 'roles.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(createRole, {
    success: (world) => ({ body: body(world) }),
    problems: {
      'groups.name_taken': async (world) => ({
        body: { ...body(world), name: (await makeGroup(world)).name },
      }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        body: { ...body(world), traits: ['manage_api'] },
      }),
    },
  }),
  scenario(updateRole, {
    success: async (world) => ({
      params: { id: (await makeGroup(world)).id },
      body: { description: 'Changed' },
    }),
    problems: {
      'roles.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'groups.name_taken': async (world) => ({
        params: { id: (await makeGroup(world)).id },
        body: { name: (await makeGroup(world)).name },
      }),
      'groups.system_protected': () => ({ params: { id: systemGroupIds.user }, body: {} }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await makeGroup(world)).id },
        body: {},
      }),
    },
  }),
  scenario(deleteRole, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: {
      'roles.not_found': () => ({ params: { id: unknownId } }),
      'roles.assigned': async (world) => ({
        params: { id: (await world.as(['view'])).user.groupIds[0]?.id ?? '' },
      }),
      'groups.system_protected': () => ({ params: { id: systemGroupIds.user } }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await makeGroup(world)).id },
      }),
    },
  }),
  scenario(getUserRoles, {
    success: async (world) => ({ params: { id: (await makeUser(world)).id } }),
    problems: { 'users.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(setUserRoles, {
    success: async (world) => ({
      params: { id: (await makeUser(world)).id },
      body: { roles: ['editor', systemGroupIds.viewer] },
    }),
    problems: {
      'users.not_found': () => ({ params: { id: unknownId }, body: { roles: [] } }),
      'users.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await world.admin()).user.id },
        body: { roles: [] },
      }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users', 'view']),
        params: { id: (await makeUser(world)).id },
        body: { roles: ['Admin'] },
      }),
      'users.last_super_admin': {
        environment: {},
        way: async (world) => {
          const as = await world.admin()
          return { as, params: { id: as.user.id }, body: { roles: [] } }
        },
      },
    },
  }),
]
