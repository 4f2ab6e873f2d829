import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { Table2 } from 'lucide-react'
import { classNames } from '../../../lib/class-names.ts'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { endpointQuery, siblingsQuery } from '../queries.ts'
import { EndpointContext } from './endpoint-context.ts'

/** One endpoint: what it takes and gives, who may call it and from where, and a place to try it. */
export default function EndpointPage() {
  const { endpointId } = useParams({ from: '/shell/build/endpoints/$endpointId' })
  const endpoint = useQuery(endpointQuery(endpointId))
  if (endpoint.error) {
    return (
      <Page title="Endpoint">
        <ProblemNotice problem={endpoint.error} onRetry={() => void endpoint.refetch()} />
      </Page>
    )
  }
  if (!endpoint.data) {
    return (
      <Page title="Endpoint">
        <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />
      </Page>
    )
  }
  return <LoadedEndpoint endpoint={endpoint.data} />
}

function LoadedEndpoint({ endpoint }: { endpoint: Endpoint }) {
  const base = `/build/endpoints/${endpoint.id}`
  return (
    <Page
      title={endpoint.name}
      badge={<EndpointBadges endpoint={endpoint} />}
      description={
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <MethodSwitch endpoint={endpoint} />
          <span className="font-mono text-xs break-all">{endpoint.path}</span>
        </span>
      }
      request={{ method: 'GET', path: `/api/endpoints/${endpoint.id}` }}
      action={
        !endpoint.isSystem && (
          <Link
            to="/build/records/$endpointId"
            params={{ endpointId: endpoint.id }}
            className={buttonClass('secondary')}
          >
            <Table2 aria-hidden className="size-4" />
            Records
          </Link>
        )
      }
      tabs={[
        { to: base, label: 'Schema' },
        { to: `${base}/access`, label: 'Access' },
        { to: `${base}/network`, label: 'Network' },
        { to: `${base}/code`, label: 'Code' },
        { to: `${base}/docs`, label: 'Docs' },
        { to: `${base}/try`, label: 'Try it' },
        { to: `${base}/settings`, label: 'Settings' },
      ]}
    >
      <EndpointContext value={endpoint}>
        <Outlet />
      </EndpointContext>
    </Page>
  )
}

function EndpointBadges({ endpoint }: { endpoint: Endpoint }) {
  return (
    <>
      {endpoint.isSystem && <Badge>System</Badge>}
      {endpoint.enabled ? (
        <Badge tone="ok" dot>
          On
        </Badge>
      ) : (
        <Badge tone="warn" dot>
          Off
        </Badge>
      )}
    </>
  )
}

/** The methods of the same path beside each other, because one rarely works on only one of them. */
function MethodSwitch({ endpoint }: { endpoint: Endpoint }) {
  const siblings = useQuery(siblingsQuery(endpoint))
  const others = (siblings.data ?? []).filter((one) => one.path === endpoint.path)
  if (others.length < 2) return <MethodBadge method={endpoint.method} />
  return (
    <nav aria-label="Methods of this path" className="flex flex-wrap gap-1">
      {others
        .toSorted((left, right) => order.indexOf(left.method) - order.indexOf(right.method))
        .map((one) => (
          <Link
            key={one.id}
            to="/build/endpoints/$endpointId"
            params={{ endpointId: one.id }}
            aria-current={one.id === endpoint.id ? 'true' : undefined}
            className={classNames(
              'rounded-sm outline-offset-2',
              one.id === endpoint.id && 'outline-2 outline-offset-1 outline-line-strong',
            )}
          >
            <MethodBadge method={one.method} />
          </Link>
        ))}
    </nav>
  )
}

const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
