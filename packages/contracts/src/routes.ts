import type { RouteShape } from './kit/route.ts'
import { cronRoutes } from './builder/automations/cron.ts'
import { codeRoutes } from './builder/code.ts'
import { endpointGroupRoutes } from './builder/endpoint-groups.ts'
import { endpointToolRoutes } from './builder/endpoint-tools.ts'
import { endpointRoutes } from './builder/endpoints.ts'
import { mcpRoutes } from './builder/mcp.ts'
import { projectRoutes } from './builder/project.ts'
import { recordRoutes } from './builder/records.ts'
import { sqlAccessRoutes } from './builder/sql-access.ts'
import { applyDocument } from './gateway/apply.ts'
import { gatewayConsumerRoutes } from './gateway/consumers.ts'
import { analyticsRoutes } from './gateway/analytics.ts'
import { gatewayStatusRoutes } from './gateway/gateways.ts'
import { gatewayKeyRoutes } from './gateway/keys.ts'
import { importOpenApi } from './gateway/openapi-import.ts'
import { publicationRoutes } from './gateway/publish.ts'
import { gatewayRouteRoutes } from './gateway/routes.ts'
import { gatewayServiceRoutes } from './gateway/services.ts'
import { tenantRoutes } from './gateway/tenants.ts'
import { authRoutes } from './identity/auth.ts'
import { authV1Routes } from './identity/auth-v1.ts'
import { groupRoutes } from './identity/groups.ts'
import { jwks } from './identity/jwks.ts'
import { mfaRoutes } from './identity/mfa.ts'
import { oauthRoutes } from './identity/oauth.ts'
import { profileRoutes } from './identity/profile.ts'
import { roleRoutes } from './identity/roles.ts'
import { setupRoutes } from './identity/setup.ts'
import { tokenRoutes } from './identity/tokens.ts'
import { userV1Routes } from './identity/users-v1.ts'
import { userRoutes } from './identity/users.ts'
import { activityRoutes } from './platform/activity.ts'
import { auditRoutes } from './platform/audit.ts'
import { auditV1Routes } from './platform/audit-v1.ts'
import { configRoutes } from './platform/config.ts'
import { dashboardRoutes } from './platform/dashboard.ts'
import { explorerRoutes } from './platform/explorer.ts'
import { backupRoutes } from './platform/backups.ts'
import { healthRoutes } from './platform/health.ts'
import { metricsRoutes } from './platform/metrics.ts'
import { notificationRoutes } from './platform/notifications.ts'
import { openApiRoutes } from './platform/openapi.ts'
import { operationRoutes } from './platform/operations.ts'
import { pluginRoutes } from './platform/plugins.ts'
import { settingsRoutes } from './platform/settings.ts'
import { updateRoutes } from './platform/updates.ts'
import { webhookDeliveryRoutes } from './platform/webhook-deliveries.ts'
import { webhookRoutes } from './platform/webhooks.ts'

/** Every route of the product, in the order in which the areas mount them. */
export const allRoutes: readonly RouteShape[] = [
  ...groupRoutes,
  ...userRoutes,
  ...authRoutes,
  ...endpointGroupRoutes,
  ...endpointRoutes,
  ...endpointToolRoutes,
  ...recordRoutes,
  ...codeRoutes,
  ...cronRoutes,
  ...mcpRoutes,
  ...projectRoutes,
  ...authV1Routes,
  ...mfaRoutes,
  ...oauthRoutes,
  ...profileRoutes,
  ...roleRoutes,
  ...tokenRoutes,
  ...userV1Routes,
  ...setupRoutes,
  jwks,
  ...healthRoutes,
  ...metricsRoutes,
  ...backupRoutes,
  ...openApiRoutes,
  ...dashboardRoutes,
  ...settingsRoutes,
  ...configRoutes,
  ...pluginRoutes,
  ...updateRoutes,
  ...explorerRoutes,
  ...sqlAccessRoutes,
  ...activityRoutes,
  ...auditRoutes,
  ...auditV1Routes,
  ...operationRoutes,
  ...webhookRoutes,
  ...webhookDeliveryRoutes,
  ...notificationRoutes,
  ...tenantRoutes,
  ...gatewayServiceRoutes,
  ...gatewayRouteRoutes,
  ...gatewayConsumerRoutes,
  ...gatewayKeyRoutes,
  applyDocument,
  importOpenApi,
  ...publicationRoutes,
  ...gatewayStatusRoutes,
  ...analyticsRoutes,
]
