import {
  createEndpointGroup,
  deleteEndpointGroup,
  listEndpointGroups,
  updateEndpointGroup,
} from '@holdfast/contracts/builder/endpoint-groups'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { EndpointGroups } from './service.ts'

export function bindEndpointGroups(groups: EndpointGroups): BoundRoute[] {
  return [
    handle(listEndpointGroups, async (ctx) => success(await groups.list(ctx))),
    handle(createEndpointGroup, async (ctx, { body }) => success(await groups.create(ctx, body))),
    handle(updateEndpointGroup, async (ctx, { params, body }) =>
      success(await groups.update(ctx, params.id, body)),
    ),
    handle(deleteEndpointGroup, async (ctx, { params }) => {
      await groups.remove(ctx, params.id)
      return done('Endpoint group deleted')
    }),
  ]
}
