import {
  createEndpointGroup,
  type EndpointGroup,
  type EndpointGroupChange,
  type EndpointGroupInput,
  updateEndpointGroup,
} from '@holdfast/contracts/builder/endpoint-groups'
import type { Context } from '../../../../context.ts'
import type { DocumentCollection } from '../collection.ts'
import { pageOf, readDocument } from '../documents.ts'

/** The builder's endpoint groups, as far as the explorer needs them. */
export interface EndpointGroupSource {
  list(ctx: Context): Promise<EndpointGroup[]>
  create(ctx: Context, input: EndpointGroupInput): Promise<EndpointGroup>
  update(ctx: Context, id: string, change: EndpointGroupChange): Promise<EndpointGroup>
  remove(ctx: Context, id: string): Promise<void>
}

/** Folders of endpoints, with the network rules that their endpoints inherit. */
export function createEndpointGroupDocuments(groups: EndpointGroupSource): DocumentCollection {
  return {
    label: 'Endpoint groups',
    description: 'Folders of endpoints, with network rules.',
    writers: ['manage_api'],
    operations: ['create', 'update', 'delete'],
    count: async (ctx) => (await groups.list(ctx)).length,
    list: async (ctx, query) => pageOf((await groups.list(ctx)).map(documentOf), query, ['name']),
    async find(ctx, id) {
      const group = (await groups.list(ctx)).find((each) => each.id === id.toLowerCase())
      return group === undefined ? null : documentOf(group)
    },
    create: async (ctx, body) => (await groups.create(ctx, readDocument(createEndpointGroup.body, body))).id,
    async update(ctx, id, body) {
      await groups.update(ctx, id, readDocument(updateEndpointGroup.body, body))
    },
    remove: (ctx, id) => groups.remove(ctx, id),
  }
}

function documentOf({ endpointCount, ...group }: EndpointGroup) {
  void endpointCount
  return group
}
