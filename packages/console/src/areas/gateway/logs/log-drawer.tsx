import type { RequestLog } from '@holdfast/contracts/gateway/analytics'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../../ui/code-block.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Duration, ExactTime, Nothing } from '../../../ui/values.tsx'
import { StatusBadge } from '../status-badge.tsx'
import { errorWords } from '../strings.ts'

interface LogDrawerProps {
  log: RequestLog
  consumerName: string | undefined
  onClose: () => void
}

/** Everything that is known of one request. */
export function LogDrawer({ log, consumerName, onClose }: LogDrawerProps) {
  const facts: ReadonlyArray<[string, ReactNode]> = [
    ['When', <ExactTime key="when" at={log.timestamp} />],
    ['Took', <Duration key="took" milliseconds={log.responseTimeMs} />],
    [
      'Of that, the service',
      log.downstreamLatencyMs === null ? (
        <Nothing key="none" />
      ) : (
        <Duration key="service" milliseconds={log.downstreamLatencyMs} />
      ),
    ],
    ['Service', log.downstreamService ?? <Nothing key="service-name" />],
    [
      'Route',
      log.routeId === null ? (
        <Nothing key="no-route" />
      ) : (
        <Link
          key="route"
          to="/gateway/routes/$routeId"
          params={{ routeId: log.routeId }}
          className="text-accent-ink underline underline-offset-2"
        >
          Show the route
        </Link>
      ),
    ],
    [
      'Caller',
      log.consumerId === null ? <Member key="member" userId={log.userId} /> : (consumerName ?? 'Revoked'),
    ],
    [
      'From',
      <span key="ip" className="font-mono text-xs">
        {log.clientIp}
      </span>,
    ],
    ['With', log.userAgent ?? <Nothing key="agent" />],
    [
      'Error',
      log.errorCode === null ? (
        <Nothing key="no-error" />
      ) : (
        `${errorWords[log.errorCode] ?? 'Refused by the gateway'} (${log.errorCode})`
      ),
    ],
    [
      'Request id',
      <span key="id" className="flex flex-wrap items-center gap-1">
        <span className="font-mono text-xs break-all">{log.requestId}</span>
        <CopyButton text={log.requestId} />
      </span>,
    ],
  ]
  return (
    <Drawer
      title={`${log.method} ${log.path}`}
      badge={<StatusBadge status={log.statusCode} />}
      onClose={onClose}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-muted">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  )
}

function Member({ userId }: { userId: string | null }) {
  if (userId === null) return <Nothing />
  return (
    <>
      A member of the organization <span className="font-mono text-xs break-all">{userId}</span>
    </>
  )
}
