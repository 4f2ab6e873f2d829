import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMay } from '../../lib/session.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { PermissionMatrix } from './permission-matrix.tsx'
import { groupsQuery } from './queries.ts'
import { texts } from './strings.ts'

/** Groups against permissions: who may do what, at a glance. A group opens beside the matrix. */
export default function GroupsPage() {
  const mayManage = useMay('manage_users')
  const groups = useQuery(groupsQuery)
  return (
    <Page
      title={texts.groups.title}
      description={texts.groups.description}
      request={{ method: 'GET', path: '/api/groups' }}
      action={
        mayManage && (
          <Link to="/admin/groups/new" className={buttonClass('primary')}>
            <Plus aria-hidden className="size-4" />
            Add group
          </Link>
        )
      }
    >
      {groups.error && <ProblemNotice problem={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />}
      {groups.data && <PermissionMatrix groups={groups.data} />}
      <Outlet />
    </Page>
  )
}
