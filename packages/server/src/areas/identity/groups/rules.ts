import type { Permission } from '@holdfast/contracts/permissions'
import type { GroupChange } from '@holdfast/contracts/identity/groups'

/** Ids of the groups that every installation has; the migration writes the same. */
export const systemGroupIds = {
  superAdmin: '019b0000-0000-7000-8000-000000000001',
  admin: '019b0000-0000-7000-8000-000000000002',
  editor: '019b0000-0000-7000-8000-000000000003',
  manager: '019b0000-0000-7000-8000-000000000004',
  user: '019b0000-0000-7000-8000-000000000005',
  operator: '019b0000-0000-7000-8000-000000000006',
  auditor: '019b0000-0000-7000-8000-000000000007',
  viewer: '019b0000-0000-7000-8000-000000000008',
  peer: '019b0000-0000-7000-8000-000000000009',
} as const

/** Holding either makes a platform administrator. */
export function isAdminGroup(groupId: string): boolean {
  return groupId === systemGroupIds.superAdmin || groupId === systemGroupIds.admin
}

/** Union over the groups a user holds. */
export function effectivePermissions(groups: readonly { permissions: readonly string[] }[]): Set<Permission> {
  return new Set(groups.flatMap((group) => group.permissions as Permission[]))
}

/** The properties of `group` that `change` alters. */
export function changedProperties(
  group: { name: string; description: string; permissions: readonly string[] },
  change: GroupChange,
): string[] {
  const differs = (before: unknown, after: unknown) =>
    after !== undefined && JSON.stringify(before) !== JSON.stringify(after)
  return (['name', 'description', 'permissions'] as const).filter((name) =>
    differs(group[name], change[name]),
  )
}
