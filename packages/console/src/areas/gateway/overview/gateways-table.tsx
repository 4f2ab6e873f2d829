import type { GatewayStatus } from '@holdfast/contracts/gateway/gateways'
import type { GatewayEntity } from '@holdfast/contracts/gateway/tenants'
import { plural } from '../../../lib/format.ts'
import { baseUrl } from '../../../lib/base.ts'
import { Badge } from '../../../ui/badge.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Nothing, RelativeTime } from '../../../ui/values.tsx'

const columns: ReadonlyArray<Column<GatewayEntity>> = [
  { id: 'hostname', header: 'Gateway', isTitle: true, cell: ({ hostname, id }) => hostname ?? id },
  {
    id: 'online',
    header: 'State',
    width: '232px',
    cell: ({ online, previousEnd, droppedEvents }) => (
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={online ? 'ok' : 'neutral'} dot>
          {online ? 'Connected' : 'Away'}
        </Badge>
        {previousEnd === 'crash' && <Badge tone="warn">Crashed before</Badge>}
        {droppedEvents > 0 && <Badge tone="warn">{plural(droppedEvents, 'event')} dropped</Badge>}
      </span>
    ),
  },
  {
    id: 'revision',
    header: 'Configuration',
    width: '176px',
    cell: ({ appliedRevision, behind }) => (
      <span className="flex items-center gap-2">
        <span className="tabular-nums">{appliedRevision ?? <Nothing />}</span>
        <Badge tone={behind === 0 ? 'ok' : 'warn'}>
          {behind === 0 ? 'Up to date' : `${plural(behind, 'revision')} behind`}
        </Badge>
      </span>
    ),
  },
  { id: 'version', header: 'Version', width: '96px', cell: ({ version }) => version ?? <Nothing /> },
  {
    id: 'address',
    header: 'Address',
    width: '152px',
    cell: ({ address }) => (address ? <span className="font-mono text-xs">{address}</span> : <Nothing />),
  },
  {
    id: 'seen',
    header: 'Last seen',
    width: '136px',
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
  },
]

/** The gateway processes of the tenant, and how far each is behind the configuration. */
export function GatewaysTable({ status, loading }: { status: GatewayStatus | undefined; loading: boolean }) {
  return (
    <DataTable
      name="gateways"
      label="Gateways"
      columns={columns}
      rows={status?.gateways ?? []}
      rowId={({ id }) => id}
      loading={loading}
      empty={<StartGateway />}
    />
  )
}

/** How the first gateway is started, for who has none. */
function StartGateway() {
  const server = baseUrl.href.replace(/\/$/, '')
  return (
    <div className="flex flex-col gap-3 text-sm text-ink-muted">
      <p>
        No gateway has connected yet. Create a key below and start one where your services are. It dials out
        to this server; nothing here needs a way to it.
      </p>
      <CodeBlock
        title="Start a gateway"
        code={`npm run gateway -- --server ${server} --key YOUR_GATEWAY_KEY --port 8080`}
      />
    </div>
  )
}
