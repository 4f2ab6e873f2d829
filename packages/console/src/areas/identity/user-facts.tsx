import { Nothing, RelativeTime } from '../../ui/values.tsx'
import type { User } from '@holdfast/contracts/identity/users'

/** What is known of a user and not typed by anybody. */
export function UserFacts({ user }: { user: User }) {
  return (
    <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 border-b border-line pb-4 text-sm">
      <dt className="text-ink-subtle">Login</dt>
      <dd className="truncate font-mono text-xs leading-5">{user.login}</dd>
      <dt className="text-ink-subtle">E-mail</dt>
      <dd className="truncate">{user.email ?? <Nothing />}</dd>
      <dt className="text-ink-subtle">Groups</dt>
      <dd>{user.groupIds.map((group) => group.name).join(', ') || <Nothing />}</dd>
      <dt className="text-ink-subtle">Last sign-in</dt>
      <dd>
        <RelativeTime at={user.lastLoginAt} />
      </dd>
      <dt className="text-ink-subtle">Created</dt>
      <dd>
        <RelativeTime at={user.createdAt} />
      </dd>
      <dt className="text-ink-subtle">Id</dt>
      <dd className="truncate font-mono text-xs leading-5">{user.id}</dd>
    </dl>
  )
}
