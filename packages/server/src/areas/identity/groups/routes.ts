import { done, success } from '@holdfast/contracts/kit/answer'
import {
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  updateGroup,
} from '@holdfast/contracts/identity/groups'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Groups } from './service.ts'

export function bindGroups(groups: Groups): BoundRoute[] {
  return [
    handle(listGroups, async (ctx) => success(await groups.list(ctx))),
    handle(getGroup, async (ctx, { params }) => success(await groups.get(ctx, params.id))),
    handle(createGroup, async (ctx, { body }) => success(await groups.create(ctx, body))),
    handle(updateGroup, async (ctx, { params, body }) => success(await groups.update(ctx, params.id, body))),
    handle(deleteGroup, async (ctx, { params }) => {
      await groups.remove(ctx, params.id)
      return done('Group deleted')
    }),
  ]
}
