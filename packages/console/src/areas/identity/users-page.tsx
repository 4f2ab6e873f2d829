import type { User } from '@holdfast/contracts/identity/users'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { UserPlus, Users } from 'lucide-react'
import { usePageSettings } from '../../lib/page-settings.ts'
import { useMay, useMe } from '../../lib/session.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../ui/empty-state.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Nothing, RelativeTime } from '../../ui/values.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { usersQuery } from './queries.ts'
import { statusWords, texts } from './strings.ts'

const columns: ReadonlyArray<Column<User>> = [
  { id: 'name', header: 'Name', isTitle: true, cell: (user) => user.name },
  { id: 'login', header: 'Login', cell: (user) => <span className="font-mono text-xs">{user.login}</span> },
  { id: 'email', header: 'E-mail', cell: (user) => user.email ?? <Nothing /> },
  {
    id: 'status',
    header: 'Status',
    width: '112px',
    cell: (user) => <Badge tone={statusWords[user.status].tone}>{statusWords[user.status].label}</Badge>,
  },
  {
    id: 'groups',
    header: 'Groups',
    cell: (user) => user.groupIds.map((group) => group.name).join(', ') || <Nothing />,
  },
  {
    id: 'lastLoginAt',
    header: 'Last sign-in',
    width: '136px',
    cell: (user) => <RelativeTime at={user.lastLoginAt} />,
  },
  {
    id: 'createdAt',
    header: 'Created',
    width: '136px',
    startsHidden: true,
    cell: (user) => <RelativeTime at={user.createdAt} />,
  },
]

/** Everybody who can sign in; details open beside the list. */
export default function UsersPage() {
  const navigate = useNavigate()
  const mayManage = useMay('manage_users')
  const me = useMe()
  const { usersPerPage: pageSize } = usePageSettings()
  const filters = useUrlFilters(['search', 'page'])
  const page = Number(filters.values.page ?? 1)
  const { search } = filters.values
  const users = useQuery(usersQuery({ search, page, limit: pageSize }))
  const add = (
    <Link to="/admin/users/new" search={(previous) => previous} className={buttonClass('primary')}>
      <UserPlus aria-hidden className="size-4" />
      Add user
    </Link>
  )
  return (
    <Page
      title={texts.users.title}
      description={texts.users.description}
      action={mayManage && add}
      request={{
        method: 'GET',
        path: `/api/users?${new URLSearchParams({ limit: String(pageSize), ...(search ? { search } : {}) })}`,
      }}
    >
      <FilterBar
        filters={{ ...filters, set: (changes) => filters.set({ page: undefined, ...changes }) }}
        search={{ name: 'search', placeholder: 'Search name, login, e-mail, status' }}
      />
      {users.error && <ProblemNotice problem={users.error} onRetry={() => void users.refetch()} />}
      {!users.error && (
        <DataTable
          name="users"
          label={texts.users.title}
          columns={columns}
          rows={users.data?.data ?? []}
          rowId={(user) => user.id}
          loading={users.isPending}
          total={users.data?.meta.total}
          {...(mayManage
            ? {
                // Nobody deletes or suspends themselves, so selecting all does not mean oneself.
                bulkActions: (ids: string[], clear: () => void) => (
                  <BulkActions
                    users={(users.data?.data ?? []).filter(({ id }) => ids.includes(id) && id !== me?.id)}
                    onDone={clear}
                  />
                ),
              }
            : {})}
          onOpen={(user) =>
            void navigate({
              to: '/admin/users/$userId',
              params: { userId: user.id },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState
                icon={Users}
                title="Nobody else yet"
                action={mayManage ? add : undefined}
                request={{ method: 'POST', path: '/api/users', body: { login: 'ada', name: 'Ada Lovelace' } }}
              >
                Add the people who work here. Leave the password empty and you get a link with which they
                choose their own.
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        page={page}
        pageSize={pageSize}
        total={users.data?.meta.total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
      <Outlet />
    </Page>
  )
}
