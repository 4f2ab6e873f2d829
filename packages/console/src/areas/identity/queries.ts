import { listGroups } from '@holdfast/contracts/identity/groups'
import { mfaStatus } from '@holdfast/contracts/identity/mfa'
import { listIdentities, listProviders } from '@holdfast/contracts/identity/oauth'
import { getApiToken, listApiTokens, listTokens } from '@holdfast/contracts/identity/tokens'
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

/** Your own tokens, or as an administrator those of everybody. */
export const tokensQuery = (query: { everybody: boolean; page: number; limit: number; unused: boolean }) =>
  queryOptions({
    queryKey: ['tokens', 'list', query],
    queryFn: async ({ signal }) => {
      const { everybody, page, limit, unused } = query
      if (everybody) {
        const { data, meta } = await client.call(
          listTokens,
          { query: { page, limit, ...(unused ? { unused: 'true' as const } : {}) } },
          { signal },
        )
        return { rows: data, total: meta.total }
      }
      const offset = (page - 1) * limit
      const { data, total } = await client.call(listApiTokens, { query: { limit, offset } }, { signal })
      return { rows: data, total }
    },
    placeholderData: keepPreviousData,
  })

export const tokenQuery = (id: string) =>
  queryOptions({
    queryKey: ['tokens', 'one', id],
    queryFn: ({ signal }) => client.call(getApiToken, { params: { id } }, { signal }),
  })

export const mfaQuery = queryOptions({
  queryKey: ['mfa'],
  queryFn: ({ signal }) => client.call(mfaStatus, {}, { signal }),
})

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await client.call(listProviders, {}, { signal })).data,
  staleTime: 600_000,
})

export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: async ({ signal }) => (await client.call(listIdentities, {}, { signal })).data,
})
