import { User, UsersRound } from 'lucide-react'
import type { FoundThing } from '../area.ts'
import { listUsers } from '@holdfast/contracts/identity/users'
import { client } from '../../lib/client.ts'
import { queryClient } from '../../lib/query.ts'
import { groupsQuery } from './queries.ts'

const mostPerKind = 5

/** Users and groups whose name has this text. */
export async function findPeople(text: string, signal: AbortSignal): Promise<FoundThing[]> {
  const wanted = text.toLowerCase()
  const [users, groups] = await Promise.all([
    client.call(listUsers, { query: { search: text, limit: mostPerKind } }, { signal }),
    queryClient.fetchQuery(groupsQuery),
  ])
  return [
    ...users.data.map((user) => ({
      to: `/admin/users/${user.id}`,
      label: user.name,
      icon: User,
      note: user.email ?? user.login,
    })),
    ...groups
      .filter((group) => group.name.toLowerCase().includes(wanted))
      .slice(0, mostPerKind)
      .map((group) => ({
        to: `/admin/groups/${group.id}`,
        label: group.name,
        icon: UsersRound,
        note: 'Group',
      })),
  ]
}
