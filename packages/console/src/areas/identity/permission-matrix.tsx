import { Link } from '@tanstack/react-router'
import { Check, Lock } from 'lucide-react'
import type { Group } from '@holdfast/contracts/identity/groups'
import { permissionCatalogue } from '@holdfast/contracts/permissions'
import { Tooltip } from '../../ui/tooltip.tsx'

import { describePermission } from './permissions.ts'

/** One row per group, one column per permission. Groups that came with the product carry a lock. */
export function PermissionMatrix({ groups }: { groups: readonly Group[] }) {
  const permissions = [
    ...new Set([...Object.keys(permissionCatalogue), ...groups.flatMap((group) => group.permissions)]),
  ]
  return (
    <div
      role="region"
      aria-label="Groups and their permissions"
      tabIndex={0}
      className="relative overflow-auto rounded-md border border-line bg-surface"
    >
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky left-0 z-10 h-8 border-b border-line bg-surface px-4 text-left text-xs font-medium text-ink-subtle"
            >
              Group
            </th>
            {permissions.map((permission) => (
              <th
                key={permission}
                scope="col"
                className="border-b border-line px-3 text-center text-xs font-medium whitespace-nowrap text-ink-subtle"
              >
                <Tooltip text={describePermission(permission).meaning}>
                  <span>{describePermission(permission).label}</span>
                </Tooltip>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id} className="group h-9 hover:bg-hover">
              <th
                scope="row"
                className="sticky left-0 z-10 border-b border-line bg-surface px-4 text-left font-medium whitespace-nowrap group-hover:bg-hover"
              >
                <Link
                  to="/admin/groups/$groupId"
                  params={{ groupId: group.id }}
                  className="inline-flex items-center gap-1.5 hover:underline"
                >
                  {group.name}
                  {group.isSystem && (
                    <Lock
                      aria-label="Came with the product; cannot be changed"
                      className="size-3 text-ink-subtle"
                    />
                  )}
                </Link>
              </th>
              {permissions.map((permission) => {
                const holds = group.permissions.includes(permission)
                return (
                  <td key={permission} className="border-b border-line px-3 text-center">
                    {holds ? (
                      <Check aria-hidden className="mx-auto size-4 text-accent-ink" />
                    ) : (
                      <span aria-hidden className="text-ink-subtle">
                        –
                      </span>
                    )}
                    <span className="sr-only">{holds ? 'yes' : 'no'}</span>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
