import { linkLimits } from '@holdfast/contracts/gateway/link'
import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import type { ConfigFeed } from './config-feed/service.ts'
import { createGatewayErrorsRepo } from './errors/repo.ts'
import { bindGatewayErrors } from './errors/routes.ts'
import { createGatewayErrors } from './errors/service.ts'
import type { GatewaysRepo } from './gateways/repo.ts'
import { bindGateways } from './gateways/routes.ts'
import { createGateways } from './gateways/service.ts'
import { createGatewayHealthRepo } from './health/repo.ts'
import { bindGatewayHealth } from './health/routes.ts'
import { createGatewayHealth } from './health/service.ts'
import type { GatewayKeys } from './keys/service.ts'
import { createAdmission } from './link/admission.ts'
import { createLinkRepo } from './link/repo.ts'
import { createGatewayLink } from './link/service.ts'
import { createLiveStreams } from './live-streams.ts'
import { createLogsRepo } from './logs/repo.ts'
import { bindGatewayLogs } from './logs/routes.ts'
import { createGatewayLogs } from './logs/service.ts'
import { createGatewayMetricsRepo } from './metrics/repo.ts'
import { bindGatewayMetrics } from './metrics/routes.ts'
import { createGatewayMetrics } from './metrics/service.ts'
import { createNamesRepo } from './names/repo.ts'
import { telemetryUpkeepJob, telemetryUpkeepSchedule } from './telemetry/jobs.ts'
import { createTelemetryRepo } from './telemetry/repo.ts'
import { createTelemetry } from './telemetry/service.ts'
import { createUsageRepo } from './usage/repo.ts'
import { bindUsage } from './usage/routes.ts'
import { createUsage } from './usage/service.ts'

/** The half of the area that talks with gateways: their links, what they report, and who looks at it. */
export function composeObserving(
  kit: Kit,
  { feed, keys, gatewaysRepo }: { feed: ConfigFeed; keys: GatewayKeys; gatewaysRepo: GatewaysRepo },
): Area {
  const { database } = kit
  const names = createNamesRepo(database)
  const streams = createLiveStreams(kit)
  const telemetry = createTelemetry({ ...kit, repo: createTelemetryRepo(database) })
  const link = createGatewayLink({
    ...kit,
    repo: createLinkRepo(database),
    feed,
    keys,
    telemetry,
    admission: createAdmission(kit),
    announce: gatewaysRepo.announce,
  })
  const logs = createGatewayLogs({
    database,
    repo: createLogsRepo(database),
    serviceNames: names.servicesByIds,
    streams,
  })
  const errors = createGatewayErrors({ ...kit, repo: createGatewayErrorsRepo(database) })
  const health = createGatewayHealth({
    database,
    repo: createGatewayHealthRepo(database),
    liveServiceIds: names.liveServiceIds,
  })
  const metrics = createGatewayMetrics({ ...kit, repo: createGatewayMetricsRepo(database), streams })
  const usage = createUsage({ ...kit, repo: createUsageRepo(database), hasConsumer: names.hasConsumer })
  const gateways = createGateways({ ...kit, repo: gatewaysRepo, feed })

  return {
    routes: [
      ...bindGateways(gateways),
      ...bindGatewayLogs(logs, streams),
      ...bindGatewayErrors(errors),
      ...bindGatewayHealth(health),
      ...bindGatewayMetrics(metrics, streams),
      ...bindUsage(usage),
    ],
    jobs: [telemetryUpkeepJob(telemetry)],
    schedules: [telemetryUpkeepSchedule],
    parts: [link.part],
    sockets: [
      {
        path: '/gateway-ws',
        messageBytesMax: linkLimits.messageBytesMax,
        refusal: link.refusal,
        connected: link.connected,
      },
    ],
    drain: link.drain,
  }
}
