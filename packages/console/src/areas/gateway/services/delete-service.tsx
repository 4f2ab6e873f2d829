import { deleteService, type ServiceEntity } from '@holdfast/contracts/gateway/services'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { notify } from '../../../ui/toast.ts'
import { forgetGateway, routesQuery } from '../queries.ts'

interface DeleteServiceProps {
  tenantId: string
  service: ServiceEntity
  open: boolean
  onClose: () => void
  onDeleted: () => void
}

/** Asks before a service goes, with the number of routes that fail from then on. */
export function DeleteService({ tenantId, service, open, onClose, onDeleted }: DeleteServiceProps) {
  const routes = useQuery({ ...routesQuery(tenantId), enabled: open })
  const leading = (routes.data ?? []).filter(({ serviceId }) => serviceId === service.id)
  const used = leading.length > 0
  return (
    <ConfirmDanger
      open={open}
      onClose={onClose}
      title={`Delete the service ${service.name}?`}
      consequences={[
        used
          ? `${plural(leading.length, 'route')} will fail with SERVICE_NOT_FOUND until you give ${leading.length === 1 ? 'it' : 'them'} another service.`
          : 'No route leads to it.',
        'Its health history can no longer be read.',
      ]}
      {...(used ? { typeToConfirm: service.name } : {})}
      action="Delete service"
      onConfirm={async () => {
        await client.call(deleteService, { params: { tenantId, id: service.id }, query: {} })
        notify(`${service.name} was deleted`)
        onDeleted()
        await forgetGateway(tenantId)
      }}
    />
  )
}
