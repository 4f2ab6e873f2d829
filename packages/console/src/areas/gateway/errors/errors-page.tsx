import { type ErrorEvent, resolveError } from '@holdfast/contracts/gateway/analytics'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { CircleCheck, Inbox } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { errorsQuery, forgetGateway, servicesQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { errorColumns } from './error-columns.tsx'

/** What went wrong, as an inbox: what is dealt with leaves it. */
export default function ErrorsPage() {
  const { tenantId } = useTenant()
  const filters = useUrlFilters(['show'])
  const [busy, setBusy] = useState(false)
  const { show = 'open' } = filters.values
  const resolved = show === 'all' ? undefined : String(show === 'resolved')
  const errors = useInfiniteQuery(errorsQuery(tenantId, resolved))
  const services = useQuery(servicesQuery(tenantId))

  const mark = async (ids: readonly string[], isResolved: boolean) => {
    setBusy(true)
    try {
      for (const id of ids)
        await client.call(resolveError, { params: { tenantId, id }, body: { resolved: isResolved } })
      notify(
        isResolved
          ? `${plural(ids.length, 'error')} dealt with`
          : `${plural(ids.length, 'error')} open again`,
      )
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      await forgetGateway(tenantId)
      setBusy(false)
    }
  }
  const markOne = (error: ErrorEvent) => void mark([error.id], !error.resolved)
  return (
    <Page
      title="Errors"
      description={texts.errors}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/errors?resolved=false` }}
    >
      <FilterBar
        filters={filters}
        selects={[
          {
            name: 'show',
            label: 'Show',
            allLabel: 'Open',
            options: [
              { value: 'resolved', label: 'Dealt with' },
              { value: 'all', label: 'All' },
            ],
          },
        ]}
      />
      {errors.error ? (
        <ProblemNotice problem={errors.error} onRetry={() => void errors.refetch()} />
      ) : (
        <DataTable
          name="gateway-errors"
          label="Errors"
          columns={errorColumns(new Map(services.data?.map(({ id, name }) => [id, name])), markOne)}
          rows={errors.data?.pages.flatMap((page) => page.rows) ?? []}
          rowId={({ id }) => id}
          loading={errors.isPending}
          onMore={errors.hasNextPage ? () => void errors.fetchNextPage() : undefined}
          loadingMore={errors.isFetchingNextPage}
          bulkActions={(ids, clear) => (
            <Button
              size="small"
              icon={CircleCheck}
              busy={busy}
              onClick={() => void mark(ids, show !== 'resolved').then(clear)}
            >
              {show === 'resolved' ? 'Open again' : 'Resolve'}
            </Button>
          )}
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={Inbox} title="Nothing to deal with">
                When a service cannot be reached, answers too late or breaks off, it is kept here until
                somebody has dealt with it.
              </EmptyState>
            )
          }
        />
      )}
    </Page>
  )
}
