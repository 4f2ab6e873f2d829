import type { Actor } from '../../../context.ts'
import type { Snapshots } from '../model.ts'
import { mayCall } from '../records/admission.ts'
import { endpointTool } from './endpoint-tools.ts'
import type { createManagementTools } from './management-tools.ts'
import type { Tool } from './model.ts'
import { withUniqueNames } from './rules.ts'

export interface ToolCatalogue {
  /** What `actor` may call now: the endpoints that were defined first, then the product's own routes, each by name. */
  of(actor: Actor): Tool[]
}

interface Needs {
  snapshots: Pick<Snapshots, 'current'>
  management: ReturnType<typeof createManagementTools>
}

export function createToolCatalogue({ snapshots, management }: Needs): ToolCatalogue {
  return {
    of(actor) {
      const own = [...snapshots.current().endpoints.values()]
        .filter((endpoint) => mayCall(endpoint, actor))
        .map((endpoint) => endpointTool(endpoint, actor))
      // Ids rise with time, so that of two equal names the older endpoint keeps it.
      return [...withUniqueNames([...own.sort(byId), ...management.of(actor)])].sort(byKindAndName)
    },
  }
}

function byId(a: Tool, b: Tool): number {
  const idOf = ({ calls }: Tool) => ('endpoint' in calls ? calls.endpoint.id : '')
  return idOf(a) < idOf(b) ? -1 : 1
}

function byKindAndName(a: Tool, b: Tool): number {
  if (a.kind !== b.kind) return a.kind === 'endpoint' ? -1 : 1
  return a.name < b.name ? -1 : 1
}
