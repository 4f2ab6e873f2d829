import {
  createEndpoint,
  deleteEndpoint,
  type Endpoint,
  type EndpointMethod,
  endpointMethods,
} from '@holdfast/contracts/builder/endpoints'
import type { FieldRequest } from '@holdfast/contracts/builder/fields'
import type { RouteRequest } from '@holdfast/contracts/kit/route'
import { client } from '../../lib/client.ts'
import { forgetEndpoints } from './queries.ts'

type EndpointBody = RouteRequest<typeof createEndpoint>['body']

export interface ApiPlan {
  /** What one record is: "Product". */
  name: string
  path: string
  methods: readonly EndpointMethod[]
  fields: readonly FieldRequest[]
  groupId: string | null
  accessType: NonNullable<EndpointBody['accessType']>
  allowedGroupIds: readonly string[]
}

const verbs: Record<EndpointMethod, string> = {
  GET: 'Read',
  POST: 'Create',
  PUT: 'Replace',
  PATCH: 'Change',
  DELETE: 'Delete',
}

/**
 * Makes the endpoints of a whole API, all on one path, so that they share their records and also serve `/:id`. All or
 * none: when one is refused, those made before it are taken away again (nobody can have written a record yet).
 */
export async function createApi(plan: ApiPlan): Promise<Endpoint[]> {
  const made: Endpoint[] = []
  try {
    for (const method of endpointMethods.filter((one) => plan.methods.includes(one))) {
      const answer = await client.call(createEndpoint, {
        body: {
          name: `${verbs[method]} ${plan.name}`,
          path: plan.path,
          method,
          schema: [...plan.fields],
          groupId: plan.groupId,
          accessType: plan.accessType,
          allowedGroupIds: [...plan.allowedGroupIds],
        },
      })
      made.push(answer.data)
    }
  } catch (thrown) {
    for (const { id } of made) await client.call(deleteEndpoint, { params: { id }, query: {} })
    throw thrown
  } finally {
    await forgetEndpoints()
  }
  return made
}
