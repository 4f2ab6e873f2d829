import type { ErrorEvent } from '@holdfast/contracts/gateway/analytics'
import { CircleCheck, Undo2 } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { Nothing, RelativeTime } from '../../../ui/values.tsx'
import { StatusBadge } from '../status-badge.tsx'
import { errorWords } from '../strings.ts'

/** The columns of the inbox. `onMark` deals with an error, or opens it again. */
export function errorColumns(
  serviceNames: ReadonlyMap<string, string>,
  onMark: (error: ErrorEvent) => void,
): ReadonlyArray<Column<ErrorEvent>> {
  return [
    {
      id: 'when',
      header: 'When',
      width: '128px',
      cell: ({ timestamp }) => <RelativeTime at={timestamp} />,
    },
    {
      id: 'what',
      header: 'What',
      isTitle: true,
      cell: ({ errorCode, message }) => <span title={message}>{errorWords[errorCode] ?? message}</span>,
    },
    {
      id: 'status',
      header: 'Status',
      width: '80px',
      cell: ({ statusCode }) => <StatusBadge status={statusCode} />,
    },
    {
      id: 'path',
      header: 'Path',
      width: '208px',
      cell: ({ path }) => <span className="font-mono text-xs">{path}</span>,
    },
    {
      id: 'service',
      header: 'Service',
      width: '144px',
      cell: ({ serviceId }) =>
        serviceId === null ? <Nothing /> : (serviceNames.get(serviceId) ?? 'Deleted'),
    },
    {
      id: 'code',
      header: 'Code',
      width: '192px',
      startsHidden: true,
      cell: ({ errorCode }) => <span className="font-mono text-xs">{errorCode}</span>,
    },
    {
      id: 'request',
      header: 'Request id',
      width: '208px',
      startsHidden: true,
      cell: ({ requestId }) => <span className="font-mono text-xs">{requestId}</span>,
    },
    {
      id: 'actions',
      header: 'Actions',
      width: '128px',
      align: 'end',
      cell: (error) => (
        <Button
          size="small"
          kind="quiet"
          icon={error.resolved ? Undo2 : CircleCheck}
          onClick={(event) => {
            event.stopPropagation()
            onMark(error)
          }}
        >
          {error.resolved ? 'Open again' : 'Resolve'}
        </Button>
      ),
    },
  ]
}
