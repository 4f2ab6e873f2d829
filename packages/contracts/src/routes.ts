import type { RouteShape } from './kit/route.ts'
import { endpointGroupRoutes } from './builder/endpoint-groups.ts'
import { endpointToolRoutes } from './builder/endpoint-tools.ts'
import { endpointRoutes } from './builder/endpoints.ts'
import { recordRoutes } from './builder/records.ts'
import { gatewayConsumerRoutes } from './gateway/consumers.ts'
import { analyticsRoutes } from './gateway/analytics.ts'
import { gatewayStatusRoutes } from './gateway/gateways.ts'
import { gatewayKeyRoutes } from './gateway/keys.ts'
import { gatewayRouteRoutes } from './gateway/routes.ts'
import { gatewayServiceRoutes } from './gateway/services.ts'
import { tenantRoutes } from './gateway/tenants.ts'
import { authRoutes } from './identity/auth.ts'
import { authV1Routes } from './identity/auth-v1.ts'
import { groupRoutes } from './identity/groups.ts'
import { jwks } from './identity/jwks.ts'
import { profileRoutes } from './identity/profile.ts'
import { setupRoutes } from './identity/setup.ts'
import { userRoutes } from './identity/users.ts'
import { activityRoutes } from './platform/activity.ts'
import { auditRoutes } from './platform/audit.ts'
import { healthRoutes } from './platform/health.ts'
import { openApiRoutes } from './platform/openapi.ts'
import { operationRoutes } from './platform/operations.ts'
import { settingsRoutes } from './platform/settings.ts'

/** Every route of the product, in the order in which the areas mount them. */
export const allRoutes: readonly RouteShape[] = [
  ...groupRoutes,
  ...userRoutes,
  ...authRoutes,
  ...endpointGroupRoutes,
  ...endpointRoutes,
  ...endpointToolRoutes,
  ...recordRoutes,
  ...authV1Routes,
  ...profileRoutes,
  ...setupRoutes,
  jwks,
  ...healthRoutes,
  ...openApiRoutes,
  ...settingsRoutes,
  ...activityRoutes,
  ...auditRoutes,
  ...operationRoutes,
  ...tenantRoutes,
  ...gatewayServiceRoutes,
  ...gatewayRouteRoutes,
  ...gatewayConsumerRoutes,
  ...gatewayKeyRoutes,
  ...gatewayStatusRoutes,
  ...analyticsRoutes,
]
