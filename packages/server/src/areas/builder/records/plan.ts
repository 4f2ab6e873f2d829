import type { CollectionField, EndpointModel } from '../model.ts'
import type { CreateTarget } from './repo/hot-statements.ts'
import type { PageKey } from './record-access.ts'

/** What the runtime works out about an endpoint once, and keeps as long as the endpoint's model lives. */
export interface Plan {
  readonly endpoint: EndpointModel
  /** The caller's groups decide what can be read or set, or whether the call is allowed at all. */
  readonly needsActor: boolean
  /** Some field is not for everybody. */
  readonly isRestricted: boolean
  readonly target: CreateTarget
  /** The same object for the same page, so that equal pages asked for at one moment are read once. */
  pageKey(offset: number, limit: number): PageKey
}

const pagesMax = 1_000
const plans = new WeakMap<EndpointModel, Plan>()

export function planOf(endpoint: EndpointModel): Plan {
  let plan = plans.get(endpoint)
  if (plan === undefined) {
    plan = makePlan(endpoint)
    plans.set(endpoint, plan)
  }
  return plan
}

function makePlan(endpoint: EndpointModel): Plan {
  const { collection } = endpoint
  const isRestricted = collection.fields.some(isFieldRestricted)
  const pages = new Map<string, PageKey>()
  return {
    endpoint,
    isRestricted,
    // Handlers are told who calls, so that the credential, and the CSRF token of a cookie, must hold.
    needsActor: endpoint.accessType !== 'public' || isRestricted || endpoint.handlers !== null,
    target: { collection, endpointId: endpoint.id, retentionDays: endpoint.dataRetentionDays },
    pageKey(offset, limit) {
      const name = `${offset},${limit}`
      let key = pages.get(name)
      if (key === undefined) {
        if (pages.size >= pagesMax) pages.clear()
        key = { collection, offset, limit }
        pages.set(name, key)
      }
      return key
    },
  }
}

function isFieldRestricted(field: CollectionField): boolean {
  return (
    field.readGroupIds.length > 0 || field.writeGroupIds.length > 0 || field.children.some(isFieldRestricted)
  )
}
