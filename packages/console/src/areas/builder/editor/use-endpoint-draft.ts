import { type Endpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import type { RouteRequest } from '@holdfast/contracts/kit/route'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { notify } from '../../../ui/toast.ts'
import { forgetEndpoints } from '../queries.ts'

type EndpointChanges = RouteRequest<typeof updateEndpoint>['body']

export interface EndpointDraft<Value> {
  value: Value
  set: (changes: Partial<Value>) => void
  dirty: boolean
  busy: boolean
  problem: unknown
  save: () => Promise<void>
  discard: () => void
}

/**
 * A part of an endpoint while it is edited. What is stored comes from the endpoint itself, so after a save, or when
 * somebody else has saved, an untouched draft follows it.
 */
export function useEndpointDraft<Value extends object & EndpointChanges>(
  endpoint: Endpoint,
  stored: Value,
): EndpointDraft<Value> {
  const [edited, setEdited] = useState<Value | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const value = edited ?? stored
  const dirty = edited !== null && JSON.stringify(edited) !== JSON.stringify(stored)

  return {
    value,
    set: (changes) => setEdited({ ...value, ...changes }),
    dirty,
    busy,
    problem,
    save: async () => {
      setBusy(true)
      setProblem(undefined)
      try {
        await client.call(updateEndpoint, { params: { id: endpoint.id }, body: value })
        await forgetEndpoints()
        setEdited(null)
        notify('Saved')
      } catch (thrown) {
        setProblem(thrown)
      } finally {
        setBusy(false)
      }
    },
    discard: () => {
      setEdited(null)
      setProblem(undefined)
    },
  }
}
