import { publishEndpoint, unpublishEndpoint } from '@holdfast/contracts/gateway/publish'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Waypoints } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { MethodBadge } from '../method-badge.tsx'
import { forgetGateway, routesQuery } from '../queries.ts'
import { useTenant } from '../use-tenant.ts'

/** Puts an endpoint of the builder behind the organization’s gateway, with one click, and takes it off again. */
export function PublishSection({ endpointId }: { endpointId: string }) {
  const { tenantId } = useTenant()
  const routes = useQuery(routesQuery(tenantId))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const route = routes.data?.find((one) => one.endpointId === endpointId)

  const run = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      await forgetGateway(tenantId)
      notify(done)
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const publish = () =>
    run(
      () => client.call(publishEndpoint, { params: { tenantId }, query: {}, body: { endpointId } }),
      'The endpoint is published through the gateway',
    )
  const withdraw = () =>
    run(
      () => client.call(unpublishEndpoint, { params: { tenantId, endpointId }, query: {} }),
      'The endpoint was taken off the gateway',
    )
  return (
    <Section
      title="Gateway"
      description="Published, it is answered by the organization’s gateways too: same method, path and access rules, with limits and logs of the gateway. Where it is not public, callers show a token of this server; a consumer’s key is not enough."
      action={
        routes.data &&
        (route ? (
          <Button busy={busy} onClick={() => void withdraw()}>
            Take off the gateway
          </Button>
        ) : (
          <Button icon={Waypoints} busy={busy} onClick={() => void publish()}>
            Publish through the gateway
          </Button>
        ))
      }
    >
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {routes.error && <ProblemNotice problem={routes.error} onRetry={() => void routes.refetch()} />}
      {route ? (
        <Link
          to="/gateway/routes/$routeId"
          params={{ routeId: route.id }}
          className="flex w-fit items-center gap-2 text-sm underline underline-offset-2"
        >
          <MethodBadge method={route.method} />
          <span className="font-mono text-xs">{route.pathPattern}</span>
        </Link>
      ) : (
        <p className="text-sm text-ink-muted">It is not published.</p>
      )}
    </Section>
  )
}
