import { deleteGatewayRoute, type RouteEntity } from '@holdfast/contracts/gateway/routes'
import { client } from '../../../lib/client.ts'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { notify } from '../../../ui/toast.ts'
import { forgetGateway } from '../queries.ts'

interface DeleteRouteProps {
  tenantId: string
  route: RouteEntity
  open: boolean
  onClose: () => void
  onDeleted: () => void
}

/** Asks before a route goes. */
export function DeleteRoute({ tenantId, route, open, onClose, onDeleted }: DeleteRouteProps) {
  const name = `${route.method} ${route.pathPattern}`
  return (
    <ConfirmDanger
      open={open}
      onClose={onClose}
      title={`Delete the route ${name}?`}
      consequences={[
        'Its requests are answered by the next route that takes them, or with 404.',
        ...(route.endpointId === null ? [] : ['The endpoint that it publishes is taken off the gateway.']),
      ]}
      action="Delete route"
      onConfirm={async () => {
        await client.call(deleteGatewayRoute, { params: { tenantId, id: route.id }, query: {} })
        notify(`${name} was deleted`)
        onDeleted()
        await forgetGateway(tenantId)
      }}
    />
  )
}
