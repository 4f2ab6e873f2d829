import { listOperations, operationStates } from '@holdfast/contracts/platform/operations'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import { client } from '../../lib/client.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../ui/empty-state.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { OperationCard } from './operation-card.tsx'
import { operationWords } from './strings.ts'

const pageSize = 20
/** How often newly started work is looked for; what is on screen already is followed as it happens. */
const refreshEveryMs = 5_000
const stateOptions = operationStates.map((value) => ({ value, label: operationWords[value] }))
const isState = (value: string | undefined) => operationStates.find((state) => state === value)

/** Your slow work: imports, exports, indexes. Each is followed live and can be stopped. */
export default function OperationsPage() {
  const filters = useUrlFilters(['state'])
  const state = isState(filters.values.state)
  const operations = useInfiniteQuery({
    queryKey: ['operations', 'list', state],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        listOperations,
        {
          query: {
            limit: pageSize,
            ...(state ? { state } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })
  const rows = operations.data?.pages.flatMap((page) => page.data) ?? []
  return (
    <Page
      title="Operations"
      description="Work of yours that takes a while. It goes on when this page is closed."
      request={{ method: 'GET', path: '/api/operations' }}
      width="reading"
    >
      <FilterBar
        filters={filters}
        selects={[{ name: 'state', label: 'State', allLabel: 'Any state', options: stateOptions }]}
      />
      {operations.error && (
        <ProblemNotice problem={operations.error} onRetry={() => void operations.refetch()} />
      )}
      {operations.isPending && <div aria-busy className="mt-3 h-16 animate-pulse rounded-md bg-sunken" />}
      {operations.data && rows.length === 0 && (
        <div className="mt-3">
          {filters.active ? (
            <NoMatches onClear={filters.clear} />
          ) : (
            <EmptyState icon={Hourglass} title="Nothing is running">
              Imports, exports and other work that takes longer than a moment appear here with their progress.
            </EmptyState>
          )}
        </div>
      )}
      <ul aria-label="Operations" className="mt-3 flex flex-col gap-2">
        {rows.map((operation) => (
          <li key={operation.id}>
            <OperationCard listed={operation} />
          </li>
        ))}
      </ul>
      {operations.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button
            kind="quiet"
            busy={operations.isFetchingNextPage}
            onClick={() => void operations.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </Page>
  )
}
