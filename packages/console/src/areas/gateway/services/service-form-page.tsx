import { createService, type ServiceEntity, updateService } from '@holdfast/contracts/gateway/services'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { NumberField, TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { forgetGateway, servicesQuery } from '../queries.ts'
import { useTenant } from '../use-tenant.ts'
import { MissingThing } from '../missing-thing.tsx'
import { BreakerField } from './breaker-field.tsx'
import { DeleteService } from './delete-service.tsx'
import { TargetsField } from './targets-field.tsx'

/** A new service beside the list, or the change of one. */
export default function ServiceFormPage() {
  const { serviceId } = useParams({ strict: false })
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const services = useQuery({ ...servicesQuery(tenantId), enabled: serviceId !== undefined })
  const close = () => void navigate({ to: '/gateway/services', search: (previous) => previous })
  if (serviceId === undefined) return <ServiceForm tenantId={tenantId} onClose={close} />
  const service = services.data?.find(({ id }) => id === serviceId)
  if (service) return <ServiceForm key={serviceId} tenantId={tenantId} service={service} onClose={close} />
  return <MissingThing what="service" loading={services.isPending} onClose={close} />
}

interface ServiceFormProps {
  tenantId: string
  service?: ServiceEntity
  onClose: () => void
}

function ServiceForm({ tenantId, service, onClose }: ServiceFormProps) {
  const [deleting, setDeleting] = useState(false)
  const form = useSchemaForm({
    schema: createService.body,
    initial: {
      name: service?.name ?? '',
      targets: service?.targets ?? [{ url: '', weight: 1 }],
      healthCheckPath: service?.healthCheckPath ?? '/health',
      timeoutMs: service?.timeoutMs ?? 10_000,
      circuitBreaker: service?.circuitBreaker ?? null,
    },
    onSubmit: async (body) => {
      if (service) await client.call(updateService, { params: { tenantId, id: service.id }, query: {}, body })
      else await client.call(createService, { params: { tenantId }, query: {}, body })
      await forgetGateway(tenantId)
      notify(service ? 'Saved' : `${body.name} can be used by routes now`)
      form.markSaved()
      queueMicrotask(onClose)
    },
  })
  return (
    <Drawer
      title={service ? service.name : 'New service'}
      onClose={onClose}
      footer={
        <>
          {service && (
            <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="gateway-service" busy={form.busy}>
            {service ? 'Save' : 'Create service'}
          </Button>
        </>
      }
    >
      <Form form={form} id="gateway-service">
        <TextField name="name" label="Name" autoComplete="off" autoFocus={!service} />
        {service?.isPlatform ? (
          <Notice title="This service is this server">
            Published endpoints lead here, and a gateway reaches it where it is linked. Its address does not
            change.
          </Notice>
        ) : (
          <TargetsField name="targets" />
        )}
        <TextField
          name="healthCheckPath"
          label="Health path"
          mono
          autoComplete="off"
          hint="Asked every ten seconds at each target. Healthy is any answer below 400."
        />
        <NumberField
          name="timeoutMs"
          label="Timeout"
          unit="ms"
          hint="How long the service may take to begin its answer. A route may say otherwise."
        />
        <BreakerField name="circuitBreaker" />
      </Form>
      {service && (
        <DeleteService
          tenantId={tenantId}
          service={service}
          open={deleting}
          onClose={() => setDeleting(false)}
          onDeleted={onClose}
        />
      )}
    </Drawer>
  )
}
