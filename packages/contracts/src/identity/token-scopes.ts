import { z } from 'zod'
import { type Permission, permissionNames } from '../permissions.ts'
import { isMutation, type RouteShape } from '../kit/route.ts'

/** Routes by the beginning of their ids. Read-only: those that change nothing. */
interface Door {
  prefix: string
  readOnly?: true
}

/**
 * What a scope lets a token do, out of what its owner may do: the routes behind its doors, and there no more than its
 * permissions. Who may call a route for administrators or for members of an organization has no permission for it, so a
 * scope says whether its doors lead to those too.
 */
interface ScopeDefinition {
  describe: string
  permissions: readonly Permission[]
  doors: readonly Door[]
  /** Its doors open routes for administrators as well, to the tokens of administrators. */
  admin?: true
  /** It opens the routes of its owner's organizations. */
  organization?: { readOnly: boolean }
}

const people: readonly Door[] = [{ prefix: 'users.' }, { prefix: 'groups.' }, { prefix: 'roles.' }]
const endpoints: readonly Door[] = [{ prefix: 'endpoints.' }, { prefix: 'endpointGroups.' }]
const automations: readonly Door[] = [
  { prefix: 'cron.' },
  { prefix: 'handlers.' },
  { prefix: 'secrets.' },
  { prefix: 'webhooks.' },
]
const onlyToRead = (doors: readonly Door[]): readonly Door[] =>
  doors.map(({ prefix }) => ({ prefix, readOnly: true }))
const changePeople = {
  permissions: ['view', 'manage_users'],
  doors: [...people, { prefix: 'mfa.reset' }],
} as const satisfies Partial<ScopeDefinition>

/**
 * Scopes of API tokens. A token may do what its scopes and its owner's permissions both allow; the names of permissions
 * are scopes too, and open every route that asks for the permission.
 */
export const scopeCatalogue = {
  '*': { describe: 'Everything its owner may do.', permissions: permissionNames, doors: [] },
  'users:read': {
    describe: 'Read users, groups and roles.',
    permissions: ['view'],
    doors: onlyToRead(people),
  },
  'users:write': { describe: 'Change users, groups and roles.', ...changePeople },
  'users:*': { describe: 'Read and change users, groups and roles.', ...changePeople },
  'records:read': {
    describe: 'Read records through endpoints.',
    permissions: ['view'],
    doors: [{ prefix: 'records.', readOnly: true }],
  },
  'records:write': {
    describe: 'Read, create, change and delete records through endpoints.',
    permissions: ['view', 'create', 'update', 'delete'],
    doors: [{ prefix: 'records.' }],
  },
  'endpoints:read': {
    describe: 'Read endpoints and their documentation.',
    permissions: ['view'],
    doors: onlyToRead(endpoints),
  },
  'endpoints:write': {
    describe: 'Change endpoints and their groups.',
    permissions: ['view', 'manage_api'],
    doors: endpoints,
  },
  'automations:read': {
    describe: 'Read cron jobs, runs of handlers, webhooks and their deliveries.',
    permissions: ['manage_api'],
    doors: onlyToRead(automations),
  },
  'automations:*': {
    describe: 'Change cron jobs, secrets of code and webhooks.',
    permissions: ['manage_api'],
    doors: automations,
  },
  'organizations:read': {
    describe: 'Read what its owner’s organizations have, such as gateway routes.',
    permissions: [],
    doors: [{ prefix: 'tenants.list', readOnly: true }],
    organization: { readOnly: true },
  },
  'organizations:*': {
    describe: 'Change what its owner’s organizations have, such as gateway routes.',
    permissions: [],
    doors: [{ prefix: 'tenants.list', readOnly: true }],
    organization: { readOnly: false },
  },
  'tokens:*': {
    describe: 'List, make, rotate and revoke its owner’s tokens. It makes none that may do more than itself.',
    permissions: [],
    doors: [{ prefix: 'apiTokens.' }],
  },
  'logs:read': {
    describe: 'Read the activity log and the metrics.',
    permissions: ['view_logs'],
    doors: [
      { prefix: 'activity.', readOnly: true },
      { prefix: 'metrics.get', readOnly: true },
    ],
  },
  'audit:read': {
    describe: 'Read and verify the audit trail.',
    permissions: ['view_audit'],
    doors: [
      { prefix: 'audit.', readOnly: true },
      { prefix: 'v1.admin.listAuditLogs', readOnly: true },
      { prefix: 'v1.admin.exportAuditLogs', readOnly: true },
    ],
    admin: true,
  },
  'config:read': {
    describe: 'Read the configuration.',
    permissions: [],
    doors: [{ prefix: 'config.', readOnly: true }],
    admin: true,
  },
  'config:*': {
    describe: 'Read and change the configuration.',
    permissions: [],
    doors: [{ prefix: 'config.' }],
    admin: true,
  },
  'plugins:read': {
    describe: 'Read plugins.',
    permissions: [],
    doors: [{ prefix: 'plugins.', readOnly: true }],
    admin: true,
  },
  'plugins:*': {
    describe: 'Register, change and remove plugins.',
    permissions: [],
    doors: [{ prefix: 'plugins.' }],
    admin: true,
  },
} as const satisfies Record<string, ScopeDefinition>

export type Scope = keyof typeof scopeCatalogue | Permission

export const scopeNames = [...Object.keys(scopeCatalogue), ...permissionNames] as [Scope, ...Scope[]]

/**
 * Routes for everybody signed in that are open to every token: who it acts for, the Model Context Protocol (whose tools
 * are the routes that the token opens), and a new secret for itself.
 */
const openToAnyToken: readonly string[] = [
  'auth.me',
  'profile.get',
  'users.v1.me',
  'permissions.list',
  'mcp.call',
  'apiTokens.rotate',
]

/** A route as far as scopes look at it. */
export type ScopedRoute = Pick<RouteShape, 'id' | 'method' | 'access'>

/** Records are reached through whatever endpoints there are: for scopes they are one that reads and one that writes. */
export function recordRoute(method: string): ScopedRoute {
  const reads = method === 'GET' || method === 'HEAD'
  return { id: 'records.call', method: reads ? 'GET' : 'POST', access: { signedIn: true } }
}

const definitions: Readonly<Record<string, ScopeDefinition>> = scopeCatalogue
const isPermission = (scope: string): scope is Permission => permissionNames.some((name) => name === scope)

function leadsTo({ doors }: ScopeDefinition, { id, method }: Pick<RouteShape, 'id' | 'method'>): boolean {
  return doors.some(({ prefix, readOnly }) => id.startsWith(prefix) && !(readOnly && isMutation(method)))
}

const definitionOf = (scope: string): ScopeDefinition | undefined =>
  Object.hasOwn(definitions, scope) ? definitions[scope] : undefined

export function isUnrestricted(scopes: readonly string[]): boolean {
  return scopes.includes('*')
}

/** The permissions that these scopes name, whatever routes they open with them; unknown scopes name none. */
export function permissionsOfScopes(scopes: readonly string[]): Set<Permission> {
  return new Set(
    scopes.flatMap((scope) => (isPermission(scope) ? [scope] : (definitionOf(scope)?.permissions ?? []))),
  )
}

/** Whether one of the scopes gives this permission on this route. */
export function scopesGive(
  scopes: readonly string[],
  permission: Permission,
  route: Pick<RouteShape, 'id' | 'method'>,
): boolean {
  return scopes.some((scope) => {
    if (scope === '*' || scope === permission) return true
    const definition = definitionOf(scope)
    return (
      definition !== undefined && definition.permissions.includes(permission) && leadsTo(definition, route)
    )
  })
}

/**
 * Whether the scopes open this route, of those that ask for no permission: for everybody signed in, for administrators
 * (its owner must be one all the same), or for members of an organization (likewise).
 */
export function scopesOpen(scopes: readonly string[], route: ScopedRoute): boolean {
  const { access, id, method } = route
  if ('signedIn' in access && openToAnyToken.includes(id)) return true
  if ('signedIn' in access && id.startsWith('operations.') && scopes.some(startsOperations)) return true
  return scopes.some((scope) => {
    if (scope === '*') return true
    const definition = definitionOf(scope)
    if (definition === undefined) return false
    if ('organization' in access)
      return (
        definition.organization !== undefined && !(definition.organization.readOnly && isMutation(method))
      )
    if ('admin' in access && definition.admin !== true) return false
    // A scope about what permissions are for is not about the person who holds them.
    if ('signedIn' in access && definition.permissions.length > 0) return false
    return leadsTo(definition, route)
  })
}

/** What a scope can start, it can follow and cancel. */
const startsOperations = (scope: string): boolean =>
  scope === 'manage_api' || scope === 'view_audit' || scope === 'audit:read'

/** Those of the scopes that are worth nothing but to administrators. */
export function adminScopesOf(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => {
    const definition = definitionOf(scope)
    return definition?.admin === true && definition.permissions.length === 0
  })
}

export const Scopes = z
  .array(z.enum(scopeNames, `must be one of ${scopeNames.join(', ')}`))
  .max(50, 'must name at most 50 scopes')
  .transform((names) => [...new Set(names)])
