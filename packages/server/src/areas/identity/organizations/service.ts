import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { OrganizationRole } from '../../../credential.ts'
import type { Events } from '../../../work/events/service.ts'
import type { OrganizationsRepo } from './repo.ts'

/**
 * Organizations own gateway and fleet resources (reference 002 calls one a tenant). Every user has a personal one from
 * the start, so that whatever they make later has an owner. It stays when its user is deleted: things may hang on it.
 *
 * Invariants: exactly one owner.
 * Events: organization.created.
 */
export interface Organizations {
  /** Makes the row in `ctx.tx`; its owner is added by `own`, once the user exists. */
  createPersonal(
    ctx: Context,
    owner: { name: string },
    options?: { gatewayKey: boolean },
  ): Promise<PersonalOrganization>
  own(ctx: Context, organizationId: string, userId: string): Promise<void>
  /** The one that was made before all others; null when there is none yet. */
  first(ctx: Context): Promise<string | null>
  /** What somebody is in it; null when they are no member. */
  roleOf(ctx: Pick<Context, 'tx'>, organizationId: string, userId: string): Promise<OrganizationRole | null>
}

export interface PersonalOrganization {
  id: string
  /** Shown once; null when none was asked for. */
  gatewayApiKey: string | null
}

interface Needs {
  repo: OrganizationsRepo
  /** Issues a gateway key of the organization in `ctx.tx` and answers it. */
  issueGatewayKey: (ctx: Context, organizationId: string) => Promise<string>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createOrganizations({ repo, issueGatewayKey, events, clock, ids }: Needs): Organizations {
  return {
    async createPersonal(ctx, owner, options = { gatewayKey: false }) {
      const id = ids.uuid()
      await repo.insert(ctx, { id, name: owner.name, slug: slugOf(owner.name, id) }, clock.now())
      await events.append(ctx, { type: 'organization.created', organizationId: id, data: { id } })
      return { id, gatewayApiKey: options.gatewayKey ? await issueGatewayKey(ctx, id) : null }
    },
    first: repo.first,
    roleOf: repo.roleOf,
    own: (ctx, organizationId, userId) =>
      repo.insertMember(ctx, { organizationId, userId, role: 'owner' }, clock.now()),
  }
}

/** Readable, and unique by the random end of the id. */
function slugOf(name: string, id: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${words === '' ? 'organization' : words}-${id.slice(-12)}`
}
