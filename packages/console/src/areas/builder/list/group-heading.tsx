import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import { Link } from '@tanstack/react-router'
import { Pencil, ShieldCheck } from 'lucide-react'
import { plural } from '../../../lib/format.ts'
import { GroupIcon } from '../group-icon.tsx'

export interface GroupHeadingProps {
  group: EndpointGroup | null
  count: number
  mayManage: boolean
}

/** What a part of the list is: the group's icon, name and rules, and the way to change it. */
export function GroupHeading({ group, count, mayManage }: GroupHeadingProps) {
  return (
    <header className="flex min-h-8 flex-wrap items-center gap-x-2 pb-1">
      {group && <GroupIcon icon={group.icon} color={group.color} />}
      <h2 className="text-sm font-semibold">{group?.name ?? 'Without a group'}</h2>
      <span className="text-xs text-ink-subtle">{plural(count, 'endpoint')}</span>
      {group?.networkAccess.enabled && (
        <span className="flex items-center gap-1 text-xs text-ink-subtle">
          <ShieldCheck aria-hidden className="size-3.5" />
          Network rules
        </span>
      )}
      {group?.description && (
        <span className="min-w-0 truncate text-xs text-ink-subtle max-sm:hidden">{group.description}</span>
      )}
      {group && mayManage && (
        <Link
          to="/build/groups/$groupId"
          params={{ groupId: group.id }}
          search={(previous) => previous}
          aria-label={`Change the group ${group.name}`}
          className="flex size-7 items-center justify-center rounded-md text-ink-subtle hover:bg-hover hover:text-ink"
        >
          <Pencil aria-hidden className="size-3.5" />
        </Link>
      )}
    </header>
  )
}
