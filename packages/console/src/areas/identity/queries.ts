import { listGroups } from '@holdfast/contracts/identity/groups'
import { getUser, listUsers } from '@holdfast/contracts/identity/users'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'

/** What is read of people and groups, and under which key; invalidate `['users']` or `['groups']` after a change. */
export const usersQuery = (query: { search?: string | undefined; page: number; limit: number }) =>
  queryOptions({
    queryKey: ['users', 'list', query],
    queryFn: ({ signal }) => client.call(listUsers, { query }, { signal }),
    placeholderData: keepPreviousData,
  })

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getUser, { params: { id } }, { signal })).data,
  })

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: async ({ signal }) => (await client.call(listGroups, {}, { signal })).data,
})
