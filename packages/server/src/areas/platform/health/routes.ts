import {
  getApiHealth,
  getHealth,
  getHealthReport,
  getLiveness,
  getReadiness,
  getReady,
} from '@holdfast/contracts/platform/health'
import { problem } from '@holdfast/contracts/problems'
import { type BoundRoute, handle } from '../../../http/handle.ts'
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
      if (report.status !== 'unhealthy') return report
      const failing = Object.entries(report.checks).flatMap(([name, check]) =>
        check.status === 'fail' ? [name] : [],
      )
      const sentence = `These checks fail: ${failing.join(', ')}. The server's log says why.`
      throw problem('server.unavailable', { sentence, data: { ...report }, retryAfterSeconds: 2 })
    }),
    handle(getApiHealth, async () => ({
      success: true as const,
      status: 'ok' as const,
      timestamp: health.timestamp(),
      version: productVersion,
    })),
  ]
}
