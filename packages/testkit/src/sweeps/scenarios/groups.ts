import {
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  updateGroup,
} from '@holdfast/contracts/identity/groups'
import { Id } from '@holdfast/contracts/kit/id'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'

/** An id that nobody has. */
export const unknownId = Id.parse('019b0000-0000-7000-8000-00000000ffff')
const systemGroupId = Id.parse('019b0000-0000-7000-8000-000000000005')

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
      'groups.name_taken': async (world) => ({
        params: { id: (await makeGroup(world)).id },
        body: { name: (await makeGroup(world)).name },
      }),
      'groups.system_protected': () => ({ params: { id: systemGroupId }, body: { description: 'Mine' } }),
    },
  }),
  scenario(deleteGroup, {
    success: async (world) => ({ params: { id: (await makeGroup(world)).id } }),
    problems: {
      'groups.not_found': () => ({ params: { id: unknownId } }),
      'groups.system_protected': () => ({ params: { id: systemGroupId } }),
    },
  }),
]
