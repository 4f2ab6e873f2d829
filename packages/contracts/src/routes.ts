import type { RouteShape } from './kit/route.ts'
import { groupRoutes } from './identity/groups.ts'
import { activityRoutes } from './platform/activity.ts'
import { auditRoutes } from './platform/audit.ts'
import { healthRoutes } from './platform/health.ts'
import { openApiRoutes } from './platform/openapi.ts'
import { operationRoutes } from './platform/operations.ts'
import { settingsRoutes } from './platform/settings.ts'

/** Every route of the product, in the order in which the areas mount them. */
export const allRoutes: readonly RouteShape[] = [
  ...groupRoutes,
  ...healthRoutes,
  ...openApiRoutes,
  ...settingsRoutes,
  ...activityRoutes,
  ...auditRoutes,
  ...operationRoutes,
]
