import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import { formatNumber, plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { Nothing } from '../../../ui/values.tsx'
import { MethodBadge } from '../method-badge.tsx'

/** What a route does beyond forwarding, in a few words each. */
export function policiesOf(route: RouteEntity): string[] {
  return [
    ...(route.pathMatch === 'prefix' ? [] : ['Exact']),
    ...(route.rateLimitOverride === null ? [] : [`${formatNumber(route.rateLimitOverride)}/min`]),
    ...(route.cors === null ? [] : ['CORS']),
    ...(route.addresses === null ? [] : ['Addresses']),
    ...(route.retries === 0 ? [] : [plural(route.retries, 'retry', 'retries')]),
    ...(route.stripPrefix ? ['Strips prefix'] : []),
    ...(route.requestHeaders === null && route.responseHeaders === null ? [] : ['Headers']),
    ...(route.timeoutMs === null ? [] : ['Timeout']),
    ...(route.bodySizeBytesMax === null ? [] : ['Body limit']),
  ]
}

/** The columns of the list of routes; service names are undefined until they are known. */
export function routeColumns(
  serviceNames: ReadonlyMap<string, string> | undefined,
): ReadonlyArray<Column<RouteEntity>> {
  return [
    {
      id: 'route',
      header: 'Route',
      isTitle: true,
      sortBy: ({ pathPattern }) => pathPattern,
      cell: ({ method, pathPattern }) => (
        <span className="flex min-w-0 items-center gap-2">
          <MethodBadge method={method} />
          <span className="truncate font-mono text-xs">{pathPattern}</span>
        </span>
      ),
    },
    {
      id: 'host',
      header: 'Host',
      width: '168px',
      sortBy: ({ host }) => host,
      cell: ({ host }) => (host ? <span className="font-mono text-xs">{host}</span> : <Nothing text="Any" />),
    },
    {
      id: 'service',
      header: 'Service',
      width: '168px',
      sortBy: ({ serviceId }) => serviceNames?.get(serviceId),
      cell: ({ serviceId, endpointId }) => {
        const name = serviceNames?.get(serviceId)
        if (name === undefined && serviceNames !== undefined) return <Badge tone="bad">Service is gone</Badge>
        return (
          <span className="inline-flex max-w-full items-center gap-2">
            <span className="truncate">{name}</span>
            {endpointId !== null && <Badge>Endpoint</Badge>}
          </span>
        )
      },
    },
    {
      id: 'access',
      header: 'Access',
      width: '112px',
      sortBy: ({ authRequired }) => authRequired,
      cell: ({ authRequired }) => (authRequired ? <Badge tone="accent">Key</Badge> : <Badge>Open</Badge>),
    },
    {
      id: 'policies',
      header: 'Policies',
      width: '216px',
      cell: (route) => policiesOf(route).join(', ') || <Nothing />,
    },
    {
      id: 'state',
      header: 'State',
      width: '96px',
      sortBy: ({ enabled }) => enabled,
      cell: ({ enabled }) => <Badge tone={enabled ? 'ok' : 'warn'}>{enabled ? 'On' : 'Off'}</Badge>,
    },
  ]
}
