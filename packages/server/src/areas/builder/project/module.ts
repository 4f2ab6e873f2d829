import type { BoundRoute } from '../../../http/handle.ts'
import type { Context } from '../../../context.ts'
import type { Kit } from '../../../kit.ts'
import type { Groups } from '../../identity/groups/service.ts'
import type { Webhooks } from '../../platform/webhooks/service.ts'
import type { CronJobs } from '../automations/cron/service.ts'
import type { EndpointGroups } from '../endpoint-groups/service.ts'
import type { Endpoints } from '../endpoints/service.ts'
import type { Snapshot, Snapshots } from '../model.ts'
import type { RecordModule } from '../records/module.ts'
import type { Held } from './model.ts'
import { withGoneGroups } from './gone-groups.ts'
import { createProjectRepo } from './repo.ts'
import { bindProject } from './routes.ts'
import { createProject } from './service.ts'

interface Needs {
  groups: Pick<Groups, 'list'>
  endpoints: Endpoints
  endpointGroups: EndpointGroups
  cron: CronJobs
  webhooks: Webhooks
  records: Pick<RecordModule, 'givenRecords' | 'exports' | 'onWrite'>
  snapshots: Pick<Snapshots, 'current'>
  /** Definitions as `ctx` sees them. */
  snapshot(ctx: Context): Promise<Snapshot>
}

const pageMax = 500

/** Export and import of a project, composed. */
export function createProjectModule(kit: Kit, needs: Needs): { routes: BoundRoute[] } {
  const { database, settings } = kit
  const { groups, endpoints, endpointGroups, cron, webhooks, records } = needs

  async function allEndpoints(ctx: Context): Promise<Held['endpoints']> {
    const all: Held['endpoints'][number][] = []
    for (let page = 1; ; page += 1) {
      const found = await endpoints.list(ctx, { page, limit: pageMax, system: 'false' })
      all.push(...found.endpoints)
      if (found.endpoints.length < pageMax) return all
    }
  }

  async function held(ctx: Context): Promise<Held> {
    const all = await allEndpoints(ctx)
    return {
      endpointGroups: await endpointGroups.list(ctx),
      endpoints: all,
      cronJobs: await cron.list(ctx),
      // Those of a plugin come and go with its registration.
      webhooks: (await webhooks.list(ctx)).filter(({ pluginId }) => pluginId === null),
      settings: settings.current(),
      groups: withGoneGroups(await groups.list(ctx), all),
    }
  }
  const project = createProject({
    ...kit,
    ...needs,
    ...records,
    held,
    repo: createProjectRepo(database),
  })
  return { routes: bindProject(project) }
}
