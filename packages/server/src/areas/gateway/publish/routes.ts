import { publishEndpoint, unpublishEndpoint } from '@holdfast/contracts/gateway/publish'
import type { BoundRoute } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import type { Publishing } from './service.ts'

export function bindPublishing(publishing: Publishing, change: HandleChange): BoundRoute[] {
  return [
    change(publishEndpoint, (ctx, { body }) => publishing.publish(ctx, body.endpointId)),
    change(unpublishEndpoint, (ctx, { params }) => publishing.unpublish(ctx, params.endpointId)),
  ]
}
