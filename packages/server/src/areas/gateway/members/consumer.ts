import type { Database } from '@holdfast/database/database'
import type { Tables } from '../../../tables.ts'
import type { EventConsumer } from '../../../work/events/delivery/consumers.ts'
import type { ConfigFeed } from '../config-feed/service.ts'
import type { MembersRepo } from './repo.ts'

/**
 * Gateways know the members of their organization, whose platform tokens open routes that ask for a credential. What is
 * true of a user is read again at each event about them, so that handling one twice, or late, does no harm.
 */
export function createMembersConsumer(needs: {
  repo: MembersRepo
  feed: Pick<ConfigFeed, 'change'>
  database: Pick<Database<Tables>, 'tenant'>
}): EventConsumer {
  const { repo, feed, database } = needs
  return {
    name: 'gateway.members',
    types: ['user.created', 'user.updated', 'user.deleted'],
    async handle(ctx, event) {
      const { id } = event.data
      if (typeof id !== 'string') return
      for (const { organizationId, isMember } of await repo.placesOf(ctx, id)) {
        await database.tenant({ ...ctx, organizationId }, (tx) =>
          feed.change(tx, [{ kind: 'member', id, value: isMember ? { id } : null }]),
        )
      }
    },
  }
}
