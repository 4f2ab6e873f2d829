import {
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  updateGroup,
} from '@holdfast/contracts/identity/groups'
import { scenario } from '../scenario.ts'
import { systemGroupIds, unknownId } from './ids.ts'
import type { World } from '../world.ts'

const body = (world: World) => ({
  name: world.fresh('Support'),
  description: 'Helps',
  permissions: ['view' as const],
})

/** A group that was just made. */
export async function makeGroup(world: World) {
  const { data } = await (await world.adminClient()).call(createGroup, { body: body(world) })
  return data
}

export const groupScenarios = [
  scenario(listGroups, { success: () => ({}) }),
  scenario(getGroup, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: { 'groups.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(createGroup, {
    success: (world) => ({ body: body(world) }),
    problems: {
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        body: { ...body(world), permissions: ['manage_api'] },
      }),
      'groups.name_taken': async (world) => ({
        body: { ...body(world), name: (await makeGroup(world)).name.toUpperCase() },
      }),
    },
  }),
  scenario(updateGroup, {
    success: async (world) => ({
      params: { id: (await makeGroup(world)).id },
      body: { description: 'Changed' },
    }),
    problems: {
      'groups.not_found': () => ({ params: { id: unknownId }, body: {} }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await makeGroup(world)).id },
        body: { description: 'Mine' },
      }),
      'groups.name_taken': async (world) => ({
        params: { id: (await makeGroup(world)).id },
        body: { name: (await makeGroup(world)).name },
      }),
      'groups.system_protected': () => ({
        params: { id: systemGroupIds.user },
        body: { description: 'Mine' },
      }),
    },
  }),
  scenario(deleteGroup, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: {
      'groups.not_found': () => ({ params: { id: unknownId } }),
      'groups.beyond_own_rights': async (world) => ({
        as: await world.as(['manage_users']),
        params: { id: (await makeGroup(world)).id },
      }),
      'groups.system_protected': () => ({ params: { id: systemGroupIds.user } }),
    },
  }),
]
