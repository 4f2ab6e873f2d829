import type { ConsumerEntity } from '@holdfast/contracts/gateway/consumers'
import { rateLimitTiers } from '@holdfast/contracts/gateway/config'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { RelativeTime } from '../../../ui/values.tsx'
import { consumersQuery } from '../queries.ts'
import { texts, tierWords } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'

const columns: ReadonlyArray<Column<ConsumerEntity>> = [
  { id: 'name', header: 'Name', isTitle: true, sortBy: ({ name }) => name, cell: ({ name }) => name },
  {
    id: 'tier',
    header: 'Tier',
    width: '160px',
    sortBy: ({ rateLimitTier }) => rateLimitTiers.indexOf(rateLimitTier),
    cell: ({ rateLimitTier }) => tierWords[rateLimitTier],
  },
  {
    id: 'created',
    header: 'Created',
    width: '160px',
    sortBy: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
]

/** Who calls the routes of the tenant, each with a key of their own. */
export default function ConsumersPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const filters = useUrlFilters(['search', 'tier'])
  const consumers = useQuery(consumersQuery(tenantId))
  const { search = '', tier } = filters.values
  const rows = (consumers.data ?? []).filter(
    ({ name, rateLimitTier }) =>
      name.toLowerCase().includes(search.toLowerCase()) && (tier === undefined || tier === rateLimitTier),
  )
  const add = (
    <Link to="/gateway/consumers/new" search={(previous) => previous} className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      New consumer
    </Link>
  )
  return (
    <Page
      title="Consumers"
      description={texts.consumers}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/consumers` }}
      action={add}
    >
      {(consumers.isPending || consumers.data?.length !== 0) && (
        <FilterBar
          filters={filters}
          search={{ name: 'search', placeholder: 'Search name' }}
          selects={[
            {
              name: 'tier',
              label: 'Tier',
              allLabel: 'Any tier',
              options: rateLimitTiers.map((value) => ({ value, label: tierWords[value] })),
            },
          ]}
        />
      )}
      {consumers.error ? (
        <ProblemNotice problem={consumers.error} onRetry={() => void consumers.refetch()} />
      ) : (
        <DataTable
          name="gateway-consumers"
          label="Consumers"
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          loading={consumers.isPending}
          total={consumers.data?.length}
          onOpen={({ id }) =>
            void navigate({
              to: '/gateway/consumers/$consumerId',
              params: { consumerId: id },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState
                icon={KeyRound}
                title="No consumer yet"
                action={add}
                request={{
                  method: 'POST',
                  path: `/api/tenants/${tenantId}/consumers`,
                  body: { name: 'Mobile app', rateLimitTier: 'premium' },
                }}
              >
                Give each application that calls you a key of its own. You see how much it uses, and can take
                its key back without touching the others.
              </EmptyState>
            )
          }
        />
      )}
      <Outlet />
    </Page>
  )
}
