import { listGroups } from '@holdfast/contracts/identity/groups'
import { listUsers } from '@holdfast/contracts/identity/users'
import { client } from '../../lib/client.ts'
import type { AreaTile } from '../area.ts'

/** How many people there are, and in how many groups. */
export async function identityTiles(
  permissions: readonly string[],
  signal: AbortSignal,
): Promise<AreaTile[]> {
  if (!permissions.includes('view') && !permissions.includes('manage_users')) return []
  const [users, groups] = await Promise.all([
    client.call(listUsers, { query: { limit: 1 } }, { signal }),
    client.call(listGroups, {}, { signal }),
  ])
  return [
    { label: 'Users', value: users.meta.total, to: '/admin/users' },
    { label: 'Groups', value: groups.data.length, to: '/admin/groups' },
  ]
}
