import { isMutation, type RouteShape } from '@holdfast/contracts/kit/route'
import { allRoutes } from '@holdfast/contracts/routes'
import type { Call, Scenario } from '../scenario.ts'
import { authScenarios, authV1Scenarios } from './auth.ts'
import { automationScenarios } from './automations.ts'
import { configScenarios } from './config.ts'
import { backupScenarios } from './backups.ts'
import { endpointScenarios } from './endpoints.ts'
import { explorerScenarios } from './explorer.ts'
import { gatewayDocumentScenarios } from './gateway-documents.ts'
import { gatewayScenarios } from './gateway.ts'
import { gatewayObservingScenarios } from './gateway-observing.ts'
import { groupScenarios } from './groups.ts'
import { unknownId } from './ids.ts'
import { integrationScenarios } from './integration.ts'
import { mfaScenarios } from './mfa.ts'
import { oauthScenarios } from './oauth.ts'
import { platformScenarios } from './platform.ts'
import { pluginScenarios } from './plugins.ts'
import { recordScenarios } from './records.ts'
import { roleScenarios } from './roles.ts'
import { setupScenarios } from './setup.ts'
import { tokenScenarios } from './tokens.ts'
import { userScenarios } from './users.ts'
import { userV1Scenarios } from './users-v1.ts'
import { webhookScenarios } from './webhooks.ts'

/** How each route is reached. A route without a scenario fails its sweep. */
export const allScenarios: readonly Scenario[] = [
  ...authScenarios,
  ...automationScenarios,
  ...configScenarios,
  ...backupScenarios,
  ...endpointScenarios,
  ...authV1Scenarios,
  ...groupScenarios,
  ...gatewayScenarios,
  ...gatewayDocumentScenarios,
  ...integrationScenarios,
  ...mfaScenarios,
  ...oauthScenarios,
  ...gatewayObservingScenarios,
  ...platformScenarios,
  ...pluginScenarios,
  ...explorerScenarios,
  ...recordScenarios,
  ...roleScenarios,
  ...setupScenarios,
  ...tokenScenarios,
  ...userScenarios,
  ...userV1Scenarios,
  ...webhookScenarios,
]

/** Every route of the product with its scenario, as a table for `describe.each`. */
export const scenarioTable = allRoutes.map(
  (route) => [route.id, route, allScenarios.find((scenario) => scenario.route.id === route.id)] as const,
)

/** A request that has the form of the route's and means nothing: for what is decided before anything is read. */
export function anyCall(route: RouteShape): Call {
  const params = Object.fromEntries(Object.keys(route.params?.shape ?? {}).map((name) => [name, unknownId]))
  return { params, ...(isMutation(route.method) && route.body !== undefined && { body: {} }) }
}
