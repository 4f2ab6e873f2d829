import { join } from 'node:path'
import { durationMs } from '@holdfast/contracts/platform/settings'
import { allRoutes } from '@holdfast/contracts/routes'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { createEnvelope, type MasterKey } from '@holdfast/kernel/crypto/envelope'
import { createIds } from '@holdfast/kernel/id'
import { createLifecycle, type Lifecycle, type Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Area } from './areas/area.ts'
import { composeBuilder } from './areas/builder/area.ts'
import { composeGateway } from './areas/gateway/area.ts'
import { createGatewayKeysRepo } from './areas/gateway/keys/repo.ts'
import { createGatewayKeys } from './areas/gateway/keys/service.ts'
import { composeIdentity } from './areas/identity/area.ts'
import { showingChanges } from './areas/platform/activity/changes.ts'
import { createActivityRepo } from './areas/platform/activity/repo.ts'
import { createRefusalLog } from './areas/platform/activity/refusals.ts'
import { createActivity } from './areas/platform/activity/service.ts'
import { composePlatform } from './areas/platform/area.ts'
import { composeInsight } from './areas/platform/insight.ts'
import { createAuditRepo } from './areas/platform/audit/repo.ts'
import { createAuditLog } from './areas/platform/audit/service.ts'
import { createSettingsRepo } from './areas/platform/settings/repo.ts'
import { createSettings } from './areas/platform/settings/service.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { createHttpServer } from './http/bind.ts'
import { createConsole } from './http/console.ts'
import { createLimits, limitRules } from './http/limits.ts'
import type { Kit } from './kit.ts'
import { createOutbound } from './outbound/client.ts'
import { createSealedRepo } from './sealing/repo.ts'
import { createRewrap, type Rewrap } from './sealing/rewrap.ts'
import type { Tables } from './tables.ts'
import { dataDirectoryOf } from './start/open-database.ts'
import { createPlace } from './start/place.ts'
import { refuseUnmarkedSecrets } from './start/secret-marks.ts'
import { stopDeadlines } from './start/stop-deadlines.ts'
import { createTracing } from './tracing/tracing.ts'
import { composeWork } from './work/compose.ts'

export interface ServerNeeds {
  config: Config
  logger: Logger
  clock: Clock
  database: Database<Tables>
  masterKeys: [MasterKey, ...MasterKey[]]
  /** The database is the bundle that npm brought. */
  trialDatabase?: boolean
  /** Told when the database was replaced by a backup: the server has to be made anew. */
  restart?: () => void
}

export interface Server {
  lifecycle: Lifecycle
  /** Where it listens; known once it has started. */
  address(): { host: string; port: number }
  /** What operator commands and tests do without a route. */
  identity: ReturnType<typeof composeIdentity>
  platform: ReturnType<typeof composePlatform>
  builder: ReturnType<typeof composeBuilder>
  gateway: ReturnType<typeof composeGateway>
  /** Puts stored secrets under the present master key. */
  rewrap: Rewrap
}

/** A stopping server waits so long for the requests of one area, then it cuts them off. */
const drainMs = 5_000

/** Builds the whole server, area by area. Nothing runs until `lifecycle.start()`. */
export function composeServer(needs: ServerNeeds): Server {
  const { config, logger, clock, database, masterKeys } = needs
  refuseUnmarkedSecrets(allRoutes)
  const ids = createIds(clock)
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const tracing = createTracing(config, logger)
  const work = composeWork({
    database,
    clock,
    ids,
    logger,
    audit,
    tracing,
    place: createPlace(dataDirectoryOf(config)),
  })
  const { events, jobs, schedules, operations } = work
  const settingsRepo = createSettingsRepo(database)
  const settings = createSettings({
    repo: settingsRepo,
    overrides: config.HOLDFAST_SETTINGS,
    database,
    audit,
    events,
    clock,
    logger,
  })
  const activity = createActivity({
    repo: createActivityRepo(database),
    database,
    audit,
    events,
    settings,
    clock,
    ids,
    logger,
  })
  const secrets = {
    envelope: createEnvelope(masterKeys),
    masterKeys,
    masterKey: masterKeys[0],
    masterKeyIds: masterKeys.map(({ id }) => id),
  }
  const kit: Kit = {
    ...needs,
    ...secrets,
    ids,
    audit: showingChanges({ audit, database, activity }),
    events,
    jobs,
    schedules,
    operations,
    settings,
    activity,
    outbound: createOutbound({ allow: config.HOLDFAST_OUTBOUND_ALLOW, tracing }),
    tracing,
  }

  // Registration hands out a gateway key, so that keys are there before identity.
  const gatewayKeys = createGatewayKeys({ ...kit, repo: createGatewayKeysRepo(database) })
  const identitySettings = () => {
    const { jwtExpiresIn, jwtRefreshExpiresIn, ...current } = settings.current()
    return {
      ...current,
      jwtExpiresInMs: durationMs(jwtExpiresIn),
      jwtRefreshExpiresInMs: durationMs(jwtRefreshExpiresIn),
    }
  }
  const identity = composeIdentity(kit, identitySettings, gatewayKeys.issueFirst)
  // The description is made of the builder's endpoints, which come after the platform.
  const platform = composePlatform(kit, work, {
    settings,
    settingsRepo,
    describeApi: (actor) => builder.describeApi(actor),
    ...identity,
    restart: needs.restart,
  })
  const publicUrl = async (ctx: Context) =>
    config.HOLDFAST_PUBLIC_URL?.href ?? (await identity.setup.place(ctx))?.publicUrl ?? null
  const builder = composeBuilder(kit, {
    ...identity,
    // The server is made of the areas, so that an area which calls it can only be given a way to reach it later.
    callProduct: (request) => http.inject(request),
    endpointCalled: platform.webhooks.endpointCalled,
    recordSubscribers: platform.webhooks.recordSubscribers,
    hooks: platform.plugins.hooks,
    webhooks: platform.webhooks.webhooks,
    publicUrl,
    vouchedClient: (header, request) => gateway.vouching.clientOf(header, request),
  })
  const gateway = composeGateway(kit, {
    keys: gatewayKeys,
    endpoints: builder.publications,
    async serverUrl(ctx) {
      const { HOST, PORT } = config
      const stated = await publicUrl(ctx)
      const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST
      const own = `http://${host.includes(':') ? `[${host}]` : host}:${address?.port ?? PORT}`
      return (stated ?? own).replace(/\/+$/, '')
    },
  })
  const insight = composeInsight(kit, {
    ...identity,
    ...builder,
    records: builder.records.documents,
    sources: {
      ...identity.counts,
      ...builder.counts,
      webhooks: platform.webhooks.list,
      webhookDays: platform.webhooks.days,
    },
  })
  const areas: Area[] = [identity.area, platform.area, builder.area, gateway.area, insight]

  const routes = areas.flatMap((area) => area.routes)
  refuseUnmounted(routes.map(({ route }) => route.id))
  const intercepts = areas.flatMap((area) => area.intercept ?? [])
  const http = createHttpServer({
    routes,
    logger,
    ids,
    limits: createLimits(clock, () => limitRules(settings.current())),
    csrf: identity.csrf,
    authenticate: identity.access.authenticate,
    roleIn: (userId, organizationId) => identity.organizations.roleOf({}, organizationId, userId),
    trustedProxies: config.HOLDFAST_TRUSTED_PROXIES,
    fallback: createConsole(join(import.meta.dirname, '../../console/dist'), () => ({
      ...settings.current(),
      trialDatabase: needs.trialDatabase ?? false,
    })),
    observe: platform.metrics.observe,
    refused: createRefusalLog({ record: activity.record, clock }),
    tracing,
    sockets: areas.flatMap((area) => area.sockets ?? []),
    intercept: (request, response) =>
      intercepts.some((intercept) => intercept(request, response)) &&
      platform.metrics.observeRecords(response),
  })
  let address: { host: string; port: number } | undefined
  const parts: Part[] = [
    ...(tracing === null ? [] : [tracing.part]),
    settings.part,
    activity.part,
    kit.outbound.part,
    ...work.engine(areas),
    ...areas.flatMap((area) => area.parts ?? []),
    {
      name: 'http',
      async start() {
        address = await http.listen({ host: config.HOST, port: config.PORT })
      },
      stop: () => http.close(),
      stopWithinMs: 5_000,
    },
    ...areas.flatMap(({ drain }) =>
      drain === undefined
        ? []
        : [{ name: 'open requests', stop: () => drain(drainMs), stopWithinMs: drainMs + 1_000 }],
    ),
    platform.health.part,
  ]
  return {
    identity,
    platform,
    builder,
    gateway,
    rewrap: createRewrap({ ...kit, repo: createSealedRepo(database) }),
    lifecycle: createLifecycle(parts, { logger, stopDeadlineMs: stopDeadlines.partsMs }),
    address() {
      if (address === undefined) throw new Error('The server has not started.')
      return address
    },
  }
}

/** Every contract route is mounted exactly once; a forgotten one stops the start instead of answering 404. */
function refuseUnmounted(mounted: readonly string[]): void {
  const missing = allRoutes.filter(({ id }) => !mounted.includes(id)).map(({ id }) => id)
  const unknown = mounted.filter(
    (id, index) => !allRoutes.some((route) => route.id === id) || mounted.indexOf(id) !== index,
  )
  if (missing.length > 0) throw new Error(`These routes have no handler: ${missing.join(', ')}`)
  if (unknown.length > 0) throw new Error(`These handlers have no route, or two: ${unknown.join(', ')}`)
}
