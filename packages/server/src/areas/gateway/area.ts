import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import { createConfigFeedRepo } from './config-feed/repo.ts'
import { createConfigFeed } from './config-feed/service.ts'
import { bindGatewayKeys } from './keys/routes.ts'
import type { GatewayKeys } from './keys/service.ts'
import { createMembersConsumer } from './members/consumer.ts'
import { createMembersRepo } from './members/repo.ts'
import { settingsDefault } from './tenant/rules.ts'
import { createTenantSettingsRepo } from './tenant/settings-repo.ts'

export interface GatewayNeeds {
  keys: GatewayKeys
}

/** The gateway of reference 002: what tenants configure, and how it reaches their gateways. */
export function composeGateway(kit: Kit, { keys }: GatewayNeeds) {
  const { database } = kit
  const members = createMembersRepo(database)
  const settingsRepo = createTenantSettingsRepo(database)
  const feed = createConfigFeed({
    ...kit,
    repo: createConfigFeedRepo(database),
    async firstEntities(ctx) {
      const settings = (await settingsRepo.find(ctx)) ?? settingsDefault
      const id = ctx.organizationId ?? ''
      return [
        { kind: 'settings', id, value: { id, ...settings } },
        ...(await members.list(ctx)).map((userId) => ({
          kind: 'member' as const,
          id: userId,
          value: { id: userId },
        })),
      ]
    },
  })

  const area: Area = {
    routes: [...bindGatewayKeys(keys)],
    consumers: [createMembersConsumer({ repo: members, feed, database })],
    parts: [feed.part, keys.part],
  }
  return { area, feed, keys }
}
