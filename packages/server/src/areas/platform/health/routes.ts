import {
  getApiHealth,
  getHealth,
  getHealthReport,
  getLiveness,
  getReadiness,
  getReady,
} from '@holdfast/contracts/platform/health'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { productVersion } from '../../../version.ts'
import type { Health } from './service.ts'

export function bindHealth(health: Health): BoundRoute[] {
  const alive = async () => ({
    status: 'healthy' as const,
    timestamp: health.timestamp(),
    version: productVersion,
  })
  const ready = async () => {
    await health.ready()
    return { status: 'ready' as const, timestamp: health.timestamp() }
  }
  return [
    handle(getHealth, alive),
    handle(getLiveness, alive),
    handle(getReadiness, ready),
    handle(getReady, ready),
    handle(getHealthReport, async () => {
      const report = await health.report()
      return new Reply(report, { status: report.status === 'unhealthy' ? 503 : 200 })
    }),
    handle(getApiHealth, async () => ({
      success: true as const,
      status: 'ok' as const,
      timestamp: health.timestamp(),
      version: productVersion,
    })),
  ]
}
