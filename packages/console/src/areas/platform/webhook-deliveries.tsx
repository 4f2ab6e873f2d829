import {
  deliveryStates,
  listDeliveries,
  type WebhookDelivery,
} from '@holdfast/contracts/platform/webhook-deliveries'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { client } from '../../lib/client.ts'
import type { UrlFilters } from '../../lib/url-filters.ts'
import { Badge } from '../../ui/badge.tsx'
import { EmptyState, NoMatches } from '../../ui/empty-state.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Nothing, RelativeTime } from '../../ui/values.tsx'
import { stateWords } from './webhook-delivery-words.ts'
import { webhookRefreshMs } from './webhooks-queries.ts'

const pageSize = 50
export const deliveryFilters = ['state', 'event', 'since', 'until'] as const
type DeliveryFilter = (typeof deliveryFilters)[number]

/** What the address says, as far as the server would take it. */
function queryOf({ state, event, since, until }: UrlFilters<DeliveryFilter>['values']) {
  const known = deliveryStates.find((one) => one === state)
  const isInstant = (text: string | undefined) => text !== undefined && !Number.isNaN(Date.parse(text))
  return {
    ...(known !== undefined && { state: known }),
    ...(event !== undefined && { event }),
    ...(isInstant(since) && { since }),
    ...(isInstant(until) && { until }),
  }
}

const columns: ReadonlyArray<Column<WebhookDelivery>> = [
  {
    id: 'when',
    header: 'When',
    width: '128px',
    cell: (delivery) => <RelativeTime at={delivery.createdAt} />,
  },
  {
    id: 'event',
    header: 'Event',
    isTitle: true,
    cell: (delivery) => <span className="font-mono text-xs">{delivery.event}</span>,
  },
  {
    id: 'state',
    header: 'State',
    width: '112px',
    cell: ({ state }) => <Badge tone={stateWords[state].tone}>{stateWords[state].label}</Badge>,
  },
  {
    id: 'answer',
    header: 'Answer',
    width: '88px',
    cell: (delivery) => delivery.responseStatus ?? <Nothing />,
  },
  { id: 'attempts', header: 'Attempts', width: '88px', align: 'end', cell: (delivery) => delivery.attempts },
  {
    id: 'next',
    header: 'Next attempt',
    width: '136px',
    cell: (delivery) => (delivery.nextAttemptAt ? <RelativeTime at={delivery.nextAttemptAt} /> : <Nothing />),
  },
]

/** What was sent, newest first. A delivery opens beside the list. */
export function WebhookDeliveries(props: { webhookId: string; filters: UrlFilters<DeliveryFilter> }) {
  const { webhookId, filters } = props
  const navigate = useNavigate()
  const query = queryOf(filters.values)
  const deliveries = useInfiniteQuery({
    queryKey: ['webhooks', 'deliveries', webhookId, query],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        listDeliveries,
        {
          params: { id: webhookId },
          query: {
            limit: pageSize,
            ...query,
            ...(pageParam ? { cursor: pageParam } : {}),
          },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: webhookRefreshMs,
  })
  if (deliveries.error)
    return <ProblemNotice problem={deliveries.error} onRetry={() => void deliveries.refetch()} />
  return (
    <DataTable
      name="webhook-deliveries"
      label="Deliveries"
      columns={columns}
      rows={deliveries.data?.pages.flatMap((page) => page.data) ?? []}
      rowId={(delivery) => delivery.id}
      loading={deliveries.isPending}
      onOpen={({ id }) =>
        void navigate({
          to: '/admin/webhooks/$webhookId/deliveries/$deliveryId',
          params: { webhookId, deliveryId: id },
          search: (previous) => previous,
        })
      }
      onMore={deliveries.hasNextPage ? () => void deliveries.fetchNextPage() : undefined}
      loadingMore={deliveries.isFetchingNextPage}
      empty={
        filters.active ? (
          <NoMatches onClear={filters.clear} />
        ) : (
          <EmptyState icon={Send} title="Nothing has been sent yet">
            When one of its events happens, the delivery appears here with its request and answer.
          </EmptyState>
        )
      }
    />
  )
}
