import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router'
import { Blocks, FolderPlus, Plus } from 'lucide-react'
import { useMay } from '../../../lib/session.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { endpointGroupsQuery, endpointsQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { EndpointList } from './endpoint-list.tsx'
import { groupEndpoints } from './grouping.ts'
import { SampleDialog } from './sample-dialog.tsx'

/** Every endpoint, by group; where building starts. */
export default function EndpointsPage() {
  const navigate = useNavigate()
  const mayManage = useMay('manage_api')
  const { sample }: { sample?: unknown } = useSearch({ strict: false })
  const filters = useUrlFilters(['search', 'group', 'whose', 'page'])
  const { search, group } = filters.values
  const system = filters.values.whose === 'product' ? 'true' : 'false'
  const page = Number(filters.values.page ?? 1)
  const endpoints = useQuery(endpointsQuery({ search, groupId: group, system, page }))
  const groups = useQuery(endpointGroupsQuery)
  const error = endpoints.error ?? groups.error
  const open = (endpoint: Endpoint) =>
    void navigate({ to: '/build/endpoints/$endpointId', params: { endpointId: endpoint.id } })
  const add = (
    <Link to="/build/new" search={(previous) => previous} className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      New API
    </Link>
  )
  const addGroup = (
    <Link to="/build/groups/new" search={(previous) => previous} className={buttonClass('secondary')}>
      <FolderPlus aria-hidden className="size-4" />
      New group
    </Link>
  )
  const shown = endpoints.data?.data ?? []
  return (
    <Page
      title={texts.list.title}
      description={texts.list.description}
      request={{ method: 'GET', path: requestPath(search, group) }}
      action={
        mayManage && (
          <>
            {addGroup}
            {add}
          </>
        )
      }
    >
      <FilterBar
        filters={{ ...filters, set: (changes) => filters.set({ page: undefined, ...changes }) }}
        search={{ name: 'search', placeholder: 'Search name, path, method' }}
        selects={[
          {
            name: 'group',
            label: 'Group',
            allLabel: 'Every group',
            options: [
              ...(groups.data ?? []).map((one) => ({ value: one.id, label: one.name })),
              { value: 'none', label: 'Without a group' },
            ],
          },
          {
            name: 'whose',
            label: 'Whose',
            allLabel: 'Your endpoints',
            options: [{ value: 'product', label: 'The product’s own' }],
          },
        ]}
      />
      {error && <ProblemNotice problem={error} onRetry={() => void endpoints.refetch()} />}
      {!error && (endpoints.isPending || groups.isPending) && <ListSkeleton />}
      {endpoints.data && groups.data && shown.length > 0 && (
        <EndpointList
          sections={groupEndpoints(shown, groups.data, { showEmpty: !filters.active && page === 1 })}
          groups={groups.data}
          total={endpoints.data.meta.total}
          mayManage={mayManage && system === 'false'}
          onOpen={open}
        />
      )}
      {endpoints.data && shown.length === 0 && filters.active && <NoMatches onClear={filters.clear} />}
      {endpoints.data && shown.length === 0 && !filters.active && (
        <EmptyState
          icon={Blocks}
          title="No endpoints yet"
          action={
            mayManage && (
              <div className="flex flex-wrap justify-center gap-2">
                <Button onClick={() => void navigate({ to: '/build', search: { sample: 'products' } })}>
                  Try it with sample data
                </Button>
                {add}
              </div>
            )
          }
          request={{
            method: 'POST',
            path: '/api/endpoints',
            body: {
              name: 'List products',
              path: '/api/products',
              method: 'GET',
              schema: [{ name: 'title', type: 'string', required: true }],
            },
          }}
        >
          {texts.empty}
        </EmptyState>
      )}
      <Pager
        page={page}
        pageSize={endpoints.data?.meta.limit ?? 1}
        total={endpoints.data?.meta.total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
      <Outlet />
      {sample === 'products' && mayManage && (
        <SampleDialog onClose={() => void navigate({ to: '/build', search: {}, replace: true })} />
      )}
    </Page>
  )
}

function requestPath(search: string | undefined, group: string | undefined): string {
  const query = new URLSearchParams({ ...(search ? { search } : {}), ...(group ? { groupId: group } : {}) })
  return `/api/endpoints${query.size > 0 ? `?${query}` : ''}`
}

function ListSkeleton() {
  return (
    <div aria-busy className="mt-3 flex flex-col gap-2">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="h-9 animate-pulse rounded-md bg-sunken" />
      ))}
    </div>
  )
}
