import { listGroups } from '@holdfast/contracts/identity/groups'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { fetchUser, fetchUsers } from './api.ts'

/** What is read of people and groups, and under which key; invalidate `['users']` or `['groups']` after a change. */
export const usersQuery = (query: { search?: string | undefined; page: number; limit: number }) =>
  queryOptions({
    queryKey: ['users', 'list', query],
    queryFn: ({ signal }) => fetchUsers(query, signal),
    placeholderData: keepPreviousData,
  })

export const userQuery = (id: string) =>
  queryOptions({ queryKey: ['users', 'one', id], queryFn: () => fetchUser(id) })

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: async ({ signal }) => (await client.call(listGroups, {}, { signal })).data,
})
