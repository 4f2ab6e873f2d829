import { createHash } from 'node:crypto'
import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { allRoutes } from '@holdfast/contracts/routes'
import { LRUCache } from 'lru-cache'
import type { Actor } from '../../../context.ts'
import { openApiDocument } from '../../../http/openapi.ts'
import { holds } from '../../../rights.ts'
import { productVersion } from '../../../version.ts'
import type { EndpointModel, Snapshot, Snapshots } from '../model.ts'
import { mayCall } from '../records/admission.ts'
import { withDynamicPaths } from './openapi.ts'

/** An OpenAPI document and the entity tag that goes with it. */
export interface Description {
  document: { openapi: string }
  etag: string
}

export type DescribeApi = (actor: Actor) => Description

/** Readers with different groups may see different endpoints; more than so many kinds of readers are described anew. */
const audiencesMax = 50

/**
 * The OpenAPI description of everything, as one reader may see it: whoever may read endpoints sees all of them, others
 * those that would let them in. Derived when asked for, and again when an endpoint changes.
 */
export function createDescription(snapshots: Pick<Snapshots, 'current'>): DescribeApi {
  let own: ReturnType<typeof openApiDocument> | undefined
  const bySnapshot = new WeakMap<Snapshot, LRUCache<string, Description>>()
  return (actor) => {
    const snapshot = snapshots.current()
    const known = bySnapshot.get(snapshot) ?? new LRUCache<string, Description>({ max: audiencesMax })
    bySnapshot.set(snapshot, known)
    const audience = audienceOf(actor)
    const found = known.get(audience)
    if (found !== undefined) return found
    own ??= openApiDocument(allRoutes, productVersion)
    const seesAll = audience === 'all'
    const document = withDynamicPaths(
      own,
      snapshot,
      (endpoint: EndpointModel) => seesAll || mayCall(endpoint, actor),
    )
    const hash = createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 22)
    const description = { document, etag: `"${hash}"` }
    known.set(audience, description)
    return description
  }
}

function audienceOf(actor: Actor): string {
  if (actor.kind === 'system') return 'all'
  if (actor.kind === 'anonymous' || actor.mustChangePassword) return 'public'
  if (holds(actor, 'view', listEndpoints) || holds(actor, 'manage_api', listEndpoints)) return 'all'
  // A token reads and writes records only where its own scopes say so, whatever groups its owner is in.
  const narrowed = actor.token === undefined ? '' : ` token ${[...actor.token.scopes].sort().join(' ')}`
  return `groups ${[...actor.groupIds].sort().join(' ')}${narrowed}`
}
