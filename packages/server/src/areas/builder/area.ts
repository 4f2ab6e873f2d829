import { consoleSegments } from '@holdfast/contracts/console-paths'
import { allRoutes } from '@holdfast/contracts/routes'
import type { Authenticate, Csrf } from '../../credential.ts'
import type { Kit } from '../../kit.ts'
import { type Context, systemContext } from '../../context.ts'
import type { Area } from '../area.ts'
import type { Groups } from '../identity/groups/service.ts'
import type { Webhooks } from '../platform/webhooks/service.ts'
import { createAutomations } from './automations/module.ts'
import { createEndpointGroupsRepo } from './endpoint-groups/repo.ts'
import { bindEndpointGroups } from './endpoint-groups/routes.ts'
import { createEndpointGroups } from './endpoint-groups/service.ts'
import { createCollectionsRepo } from './endpoints/collections/repo.ts'
import { createDescription } from './endpoints/description.ts'
import { createFieldWork } from './endpoints/field-work.ts'
import { createGroupWithdrawal } from './endpoints/group-withdrawal.ts'
import { createReservedPaths } from './endpoints/paths.ts'
import { createPublications } from './endpoints/publication.ts'
import { createEndpointsRepo } from './endpoints/repo.ts'
import { bindEndpoints } from './endpoints/routes.ts'
import { createSchemaChanges } from './endpoints/schema-changes.ts'
import { createEndpoints } from './endpoints/service.ts'
import { buildSnapshot, createSnapshots, type Definitions } from './endpoints/snapshots.ts'
import { createSystemEndpoints } from './endpoints/system.ts'
import { type CallProduct, createTester } from './endpoints/tester.ts'
import { createMcpModule } from './mcp/module.ts'
import { createSqlAccessRepo } from './sql-access/repo.ts'
import { bindSqlAccess } from './sql-access/routes.ts'
import { createSqlAccess } from './sql-access/service.ts'
import { createProjectModule } from './project/module.ts'
import { createRecordModule, createRecordStore, type RecordModuleNeeds } from './records/module.ts'

export interface BuilderNeeds {
  groups: Pick<Groups, 'list'>
  access: { authenticate: Authenticate }
  csrf: Csrf
  callProduct: CallProduct
  /** Told of every call; looks at it only when a webhook asks for calls. */
  endpointCalled: RecordModuleNeeds['endpointCalled']
  /** Webhooks that ask for changes of records. */
  recordSubscribers: RecordModuleNeeds['recordSubscribers']
  /** Plugins that are asked before, or told after, a change of records. */
  hooks: RecordModuleNeeds['hooks']
  /** For projects, which hold webhooks too. */
  webhooks: Webhooks
  /** Where the installation is reached from outside, when somebody said so. */
  publicUrl(ctx: Context): Promise<string | null>
  /** Whose request a gateway passes on. */
  vouchedClient: RecordModuleNeeds['vouchedClient']
}

/** The API builder: endpoints and what they answer. */
export function composeBuilder(kit: Kit, needs: BuilderNeeds) {
  const { groups, access, csrf, callProduct, endpointCalled, hooks } = needs
  const { database } = kit
  const store = createRecordStore(kit)
  const repo = createEndpointsRepo(database)
  const collections = createCollectionsRepo(database)
  const groupsRepo = createEndpointGroupsRepo(database)

  const load = async (ctx: Context): Promise<Definitions> => ({
    collections: await collections.all(ctx),
    fields: await collections.allFields(ctx),
    endpoints: await repo.all(ctx),
    groupNetworks: await groupsRepo.networks(ctx),
  })
  const snapshots = createSnapshots({ ...kit, load })
  const unknownGroups: Parameters<typeof createSchemaChanges>[0]['unknownGroups'] = async (ctx, wanted) => {
    if (wanted.length === 0) return []
    const known = new Set((await groups.list(ctx)).map(({ id }) => id))
    return wanted.filter((id) => !known.has(id))
  }
  const schemas = createSchemaChanges({ ...kit, collections, endpoints: repo, store, unknownGroups })
  const endpoints = createEndpoints({
    ...kit,
    repo,
    collections,
    schemas,
    system: createSystemEndpoints(allRoutes),
    store,
    snapshots,
    reserved: createReservedPaths([
      ...allRoutes,
      ...consoleSegments.map((segment) => ({ path: `/${segment}` })),
    ]),
    unknownGroups,
  })
  const endpointGroups = createEndpointGroups({ ...kit, repo: groupsRepo, snapshots })

  const records = createRecordModule({
    ...kit,
    snapshots,
    authenticate: access.authenticate,
    csrf,
    vouchedClient: needs.vouchedClient,
    recordActivity: kit.activity.record,
    endpointCalled,
    recordSubscribers: needs.recordSubscribers,
    hooks,
    addCallCounts: (counts) => repo.addCalls(systemContext('call counts'), counts),
    // Handlers act on records, so that they are made after them.
    answerWithHandlers: (request, operate) => automations.answerWithHandlers(request, operate),
  })
  const automations = createAutomations(kit, { endpoints, records, snapshots })
  const tester = createTester({ runtime: records.runtime, callProduct, elapsedMs: () => performance.now() })

  const describeApi = createDescription(snapshots)
  const mcp = createMcpModule(kit, {
    snapshots,
    runtime: records.runtime,
    callProduct,
    describe: ({ ctx }) => describeApi(ctx.actor).document,
    publicUrl: needs.publicUrl,
  })

  const sqlAccess = createSqlAccess({ ...kit, snapshots, repo: createSqlAccessRepo(database) })
  const project = createProjectModule(kit, {
    groups,
    endpoints,
    endpointGroups,
    cron: automations.cron,
    webhooks: needs.webhooks,
    records,
    snapshots,
    snapshot: async (ctx) => buildSnapshot(await load(ctx)),
  })

  const area: Area = {
    routes: [
      ...bindEndpointGroups(endpointGroups),
      ...bindEndpoints(endpoints, tester, () => kit.settings.current().endpointsPerPage),
      ...records.routes,
      ...automations.routes,
      ...mcp.routes,
      ...bindSqlAccess(sqlAccess),
      ...project.routes,
    ],
    consumers: [createGroupWithdrawal({ ...kit, repo })],
    operations: [...createFieldWork({ ...kit, collections, store }), ...records.operations],
    parts: [snapshots.part, ...records.parts, ...automations.parts, sqlAccess.part],
    intercept: records.take,
    drain: records.drain,
  }
  const publications = createPublications({
    get: endpoints.get,
    all: repo.all,
    networks: groupsRepo.networks,
  })
  const counts = {
    countEndpoints: () => snapshots.current().endpoints.size,
    countEndpointGroups: async (ctx: Context) => (await endpointGroups.list(ctx)).length,
    cronJobs: automations.cronCounts.list,
    cronDays: automations.cronCounts.days,
    countMcpTools: mcp.countTools,
  }
  return { area, describeApi, publications, endpoints, endpointGroups, snapshots, store, records, counts }
}
