import { deleteEndpoint, type Endpoint } from '@holdfast/contracts/builder/endpoints'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { formatNumber, plural } from '../../../lib/format.ts'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { notify } from '../../../ui/toast.ts'
import { basePathOf } from '../paths.ts'
import { endpointsQuery, forgetEndpoints, siblingsQuery } from '../queries.ts'

export interface DeleteEndpointProps {
  endpoint: Endpoint
  open: boolean
  onClose: () => void
  onDeleted: () => void
}

/** Asks before an endpoint goes, with what goes with it. */
export function DeleteEndpoint({ endpoint, open, onClose, onDeleted }: DeleteEndpointProps) {
  const siblings = useQuery({ ...siblingsQuery(endpoint), enabled: open })
  const all = useQuery({ ...endpointsQuery({ system: 'false', page: 1 }), enabled: open })
  const [referenced, setReferenced] = useState(false)
  const isLast = siblings.data?.length === 1
  const referring = (all.data?.data ?? []).filter(
    (one) => one.id !== endpoint.id && one.schema.some((field) => field.refEndpointId === endpoint.id),
  )

  const remove = async () => {
    try {
      await client.call(deleteEndpoint, {
        params: { id: endpoint.id },
        query: { confirm: referenced || referring.length > 0 ? 'true' : 'false' },
      })
    } catch (thrown) {
      // Shown once as a refusal; the second press knows what it does.
      if (isProblem(thrown, 'endpoints.referenced')) setReferenced(true)
      throw thrown
    }
    notify(`${endpoint.method} ${endpoint.path} was deleted`)
    onDeleted()
    await forgetEndpoints()
  }

  return (
    <ConfirmDanger
      open={open}
      onClose={onClose}
      title={`Delete ${endpoint.method} ${endpoint.path}?`}
      consequences={[
        endpoint.callCount > 0
          ? `It has been called ${plural(endpoint.callCount, 'time')}; callers get 404 from that moment on.`
          : 'It has never been called.',
        isLast
          ? 'It is the last endpoint of its path, so its records are deleted with it, for good.'
          : `The records of ${basePathOf(endpoint.path)} stay: ${formatNumber((siblings.data?.length ?? 2) - 1)} other methods use them.`,
        ...(referring.length > 0
          ? [
              `${plural(referring.length, 'endpoint')} still ${referring.length === 1 ? 'refers' : 'refer'} to its records.`,
            ]
          : []),
      ]}
      typeToConfirm={endpoint.path}
      action="Delete endpoint"
      onConfirm={remove}
    />
  )
}
