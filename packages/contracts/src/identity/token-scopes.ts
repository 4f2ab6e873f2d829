import { z } from 'zod'
import { type Permission, permissionNames } from '../permissions.ts'
import { isMutation, type RouteShape } from '../kit/route.ts'

/** What a scope lets a token do, out of what its owner may do. */
interface ScopeDefinition {
  describe: string
  permissions: readonly Permission[]
  /** Routes for administrators that it opens as well: the beginning of their ids, and whether only to read. */
  adminRoutes?: { prefix: string; readOnly: boolean }
  /** Whether it opens routes of its owner's organizations, and only to read. */
  organizationRoutes?: { readOnly: boolean }
}

/**
 * Scopes of API tokens. A token may do what its scopes and its owner's permissions both allow; the names of permissions
 * are scopes too.
 */
export const scopeCatalogue = {
  '*': { describe: 'Everything its owner may do.', permissions: permissionNames },
  'users:read': { describe: 'Read users, groups and roles.', permissions: ['view'] },
  'users:write': { describe: 'Change users, groups and roles.', permissions: ['view', 'manage_users'] },
  'users:*': { describe: 'Read and change users, groups and roles.', permissions: ['view', 'manage_users'] },
  'records:read': { describe: 'Read records through endpoints.', permissions: ['view'] },
  'records:write': {
    describe: 'Read, create, change and delete records through endpoints.',
    permissions: ['view', 'create', 'update', 'delete'],
  },
  'endpoints:read': { describe: 'Read endpoints and their documentation.', permissions: ['view'] },
  'endpoints:write': { describe: 'Change endpoints and automations.', permissions: ['view', 'manage_api'] },
  'organizations:read': {
    describe: 'Read what its owner’s organizations have, such as gateway routes.',
    permissions: [],
    organizationRoutes: { readOnly: true },
  },
  'organizations:*': {
    describe: 'Change what its owner’s organizations have, such as gateway routes.',
    permissions: [],
    organizationRoutes: { readOnly: false },
  },
  'logs:read': { describe: 'Read the activity log.', permissions: ['view_logs'] },
  'audit:read': {
    describe: 'Read and verify the audit trail.',
    permissions: ['view_logs'],
    adminRoutes: { prefix: 'audit.', readOnly: true },
  },
  'config:read': {
    describe: 'Read the configuration.',
    permissions: [],
    adminRoutes: { prefix: 'config.', readOnly: true },
  },
  'config:*': {
    describe: 'Read and change the configuration.',
    permissions: [],
    adminRoutes: { prefix: 'config.', readOnly: false },
  },
  'plugins:read': {
    describe: 'Read plugins.',
    permissions: [],
    adminRoutes: { prefix: 'plugins.', readOnly: true },
  },
  'plugins:*': {
    describe: 'Register, change and remove plugins.',
    permissions: [],
    adminRoutes: { prefix: 'plugins.', readOnly: false },
  },
} as const satisfies Record<string, ScopeDefinition>

export type Scope = keyof typeof scopeCatalogue | Permission

export const scopeNames = [...Object.keys(scopeCatalogue), ...permissionNames] as [Scope, ...Scope[]]

function definitionOf(scope: string): ScopeDefinition | undefined {
  if (Object.hasOwn(scopeCatalogue, scope)) return scopeCatalogue[scope as keyof typeof scopeCatalogue]
  const permission = permissionNames.find((name) => name === scope)
  return permission && { describe: permission, permissions: [permission] }
}

export function isUnrestricted(scopes: readonly string[]): boolean {
  return scopes.includes('*')
}

/** The permissions that these scopes name; unknown scopes name none. */
export function permissionsOfScopes(scopes: readonly string[]): Set<Permission> {
  return new Set(scopes.flatMap((scope) => definitionOf(scope)?.permissions ?? []))
}

/** Whether one of the scopes opens this route for administrators. Its owner must be one all the same. */
export function scopesOpenAdminRoute(
  scopes: readonly string[],
  route: Pick<RouteShape, 'id' | 'method'>,
): boolean {
  return scopes.some((scope) => {
    const opens = definitionOf(scope)?.adminRoutes
    return (
      opens !== undefined &&
      route.id.startsWith(opens.prefix) &&
      !(opens.readOnly && isMutation(route.method))
    )
  })
}

/** Whether the scopes open a route of an organization, of which its owner must be a member all the same. */
export function scopesOpenOrganizationRoute(
  scopes: readonly string[],
  route: Pick<RouteShape, 'method'>,
): boolean {
  return scopes.some((scope) => {
    const opens = definitionOf(scope)?.organizationRoutes
    return scope === '*' || (opens !== undefined && !(opens.readOnly && isMutation(route.method)))
  })
}

/** Scopes that name no permission and open no administrator's route: a token gives only those that it has. */
export function organizationScopesOf(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => definitionOf(scope)?.organizationRoutes !== undefined)
}

/** Those of the scopes that open routes for administrators. */
export function adminScopesOf(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => definitionOf(scope)?.adminRoutes !== undefined)
}

export const Scopes = z
  .array(z.enum(scopeNames, `must be one of ${scopeNames.join(', ')}`))
  .max(50, 'must name at most 50 scopes')
  .transform((names) => [...new Set(names)])
