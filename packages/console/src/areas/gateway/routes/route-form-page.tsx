import { createGatewayRoute, type RouteEntity, updateGatewayRoute } from '@holdfast/contracts/gateway/routes'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { MissingThing } from '../missing-thing.tsx'
import { forgetGateway, routesQuery, servicesQuery } from '../queries.ts'
import { useTenant } from '../use-tenant.ts'
import { DeleteRoute } from './delete-route.tsx'
import { MatchFields } from './match-fields.tsx'
import { PolicyFields } from './policy-fields.tsx'

/** A new route beside the list, or the change of one. */
export default function RouteFormPage() {
  const { routeId } = useParams({ strict: false })
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const routes = useQuery({ ...routesQuery(tenantId), enabled: routeId !== undefined })
  const close = () => void navigate({ to: '/gateway/routes', search: (previous) => previous })
  if (routeId === undefined) return <RouteForm tenantId={tenantId} onClose={close} />
  const route = routes.data?.find(({ id }) => id === routeId)
  if (route) return <RouteForm key={routeId} tenantId={tenantId} route={route} onClose={close} />
  return <MissingThing what="route" loading={routes.isPending} onClose={close} />
}

interface RouteFormProps {
  tenantId: string
  route?: RouteEntity
  onClose: () => void
}

const fresh = {
  method: 'ANY',
  pathPattern: '',
  pathMatch: 'prefix',
  host: null,
  serviceId: '',
  authRequired: true,
  enabled: true,
  rateLimitOverride: null,
  stripPrefix: false,
  timeoutMs: null,
  bodySizeBytesMax: null,
  retries: 0,
  cors: null,
  addresses: null,
  requestHeaders: null,
  responseHeaders: null,
} as const

/** What the form edits of a route: the fields that a new one has. */
function initialOf(route: RouteEntity): Pick<RouteEntity, keyof typeof fresh> {
  const names = Object.keys(fresh) as (keyof typeof fresh)[]
  return Object.fromEntries(names.map((name) => [name, route[name]])) as Pick<RouteEntity, keyof typeof fresh>
}

function RouteForm({ tenantId, route, onClose }: RouteFormProps) {
  const services = useQuery(servicesQuery(tenantId))
  const [deleting, setDeleting] = useState(false)
  const form = useSchemaForm({
    schema: createGatewayRoute.body,
    initial: route ? initialOf(route) : fresh,
    onSubmit: async (body) => {
      const params = { tenantId }
      if (route)
        await client.call(updateGatewayRoute, { params: { ...params, id: route.id }, query: {}, body })
      else await client.call(createGatewayRoute, { params, query: {}, body })
      await forgetGateway(tenantId)
      notify(route ? 'Saved' : `${body.method} ${body.pathPattern} is on its way to every gateway`)
      form.markSaved()
      queueMicrotask(onClose)
    },
  })
  return (
    <Drawer
      size="large"
      title={route ? `${route.method} ${route.pathPattern}` : 'New route'}
      onClose={onClose}
      footer={
        <>
          {route && (
            <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="gateway-route" busy={form.busy}>
            {route ? 'Save' : 'Create route'}
          </Button>
        </>
      }
    >
      <Form form={form} id="gateway-route">
        {route && route.endpointId !== null && (
          <Notice>
            This route publishes{' '}
            <Link
              to="/build/endpoints/$endpointId"
              params={{ endpointId: route.endpointId }}
              className="underline underline-offset-2"
            >
              an endpoint
            </Link>{' '}
            and follows it: what the endpoint says about method, path and access is taken over again when it
            changes.
          </Notice>
        )}
        <MatchFields services={services.data ?? []} isNew={!route} />
        <PolicyFields />
      </Form>
      {route && (
        <DeleteRoute
          tenantId={tenantId}
          route={route}
          open={deleting}
          onClose={() => setDeleting(false)}
          onDeleted={onClose}
        />
      )}
    </Drawer>
  )
}
