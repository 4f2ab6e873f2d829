import type { RequestLog } from '@holdfast/contracts/gateway/analytics'
import type { Column } from '../../../ui/table/columns.ts'
import { Duration, Nothing, RelativeTime } from '../../../ui/values.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { StatusBadge } from '../status-badge.tsx'

/** The columns of the log; names of consumers come from the list of those that are still there. */
export function logColumns(consumerNames: ReadonlyMap<string, string>): ReadonlyArray<Column<RequestLog>> {
  return [
    {
      id: 'when',
      header: 'When',
      width: '128px',
      cell: ({ timestamp }) => <RelativeTime at={timestamp} />,
    },
    {
      id: 'request',
      header: 'Request',
      isTitle: true,
      cell: ({ method, path }) => (
        <span className="flex min-w-0 items-center gap-2">
          <MethodBadge method={method} />
          <span className="truncate font-mono text-xs">{path}</span>
        </span>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      width: '80px',
      cell: ({ statusCode }) => <StatusBadge status={statusCode} />,
    },
    {
      id: 'took',
      header: 'Took',
      width: '88px',
      align: 'end',
      cell: ({ responseTimeMs }) => <Duration milliseconds={responseTimeMs} />,
    },
    {
      id: 'service',
      header: 'Service',
      width: '144px',
      cell: ({ downstreamService }) => downstreamService ?? <Nothing />,
    },
    {
      id: 'consumer',
      header: 'Caller',
      width: '144px',
      cell: ({ consumerId, userId }) => {
        if (consumerId !== null) return consumerNames.get(consumerId) ?? 'Revoked'
        return userId === null ? <Nothing /> : 'A member'
      },
    },
    {
      id: 'error',
      header: 'Error',
      width: '176px',
      cell: ({ errorCode }) =>
        errorCode === null ? <Nothing /> : <span className="font-mono text-xs">{errorCode}</span>,
    },
    {
      id: 'address',
      header: 'Address',
      width: '136px',
      startsHidden: true,
      cell: ({ clientIp }) => <span className="font-mono text-xs">{clientIp}</span>,
    },
  ]
}
