import { createGroup, type Group, updateGroup } from '@holdfast/contracts/identity/groups'
import type { Groups } from '../../../identity/groups/service.ts'
import type { DocumentCollection } from '../collection.ts'
import { pageOf, readDocument } from '../documents.ts'

/** Groups of users, with what they may do. */
export function createGroupDocuments(
  groups: Pick<Groups, 'list' | 'create' | 'update' | 'remove'>,
): DocumentCollection {
  return {
    label: 'Groups',
    description: 'Named sets of permissions that users hold.',
    writers: [],
    operations: ['create', 'update', 'delete'],
    count: async (ctx) => (await groups.list(ctx)).length,
    list: async (ctx, query) => pageOf((await groups.list(ctx)).map(documentOf), query, ['name']),
    async find(ctx, id) {
      const group = (await groups.list(ctx)).find((each) => each.id === id.toLowerCase())
      return group === undefined ? null : documentOf(group)
    },
    create: async (ctx, body) => (await groups.create(ctx, readDocument(createGroup.body, body))).id,
    async update(ctx, id, body) {
      await groups.update(ctx, id, readDocument(updateGroup.body, body))
    },
    remove: (ctx, id) => groups.remove(ctx, id),
  }
}

function documentOf(group: Group) {
  const { id, name, description, permissions, isSystem, createdAt, updatedAt } = group
  return { _id: id, id, name, description, permissions, isSystem, createdAt, updatedAt }
}
