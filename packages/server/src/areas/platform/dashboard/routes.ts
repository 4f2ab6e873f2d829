import { success } from '@holdfast/contracts/kit/answer'
import { getDashboardStats, getDashboardSystem } from '@holdfast/contracts/platform/dashboard'
import { getUpdateStatus } from '@holdfast/contracts/platform/updates'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { productVersion } from '../../../version.ts'
import type { Dashboard } from './service.ts'

export function bindDashboard(dashboard: Dashboard): BoundRoute[] {
  return [
    handle(getDashboardStats, async (ctx) => success(await dashboard.stats(ctx))),
    handle(getDashboardSystem, async (ctx) => success(await dashboard.system(ctx))),
    handle(getUpdateStatus, async () =>
      success({
        currentVersion: productVersion,
        latestVersion: null,
        updateAvailable: null,
        selfUpdate: false as const,
        message:
          'This server does not look for newer versions and does not update itself. Back up, install the new version and restart; migrations run at start.',
      }),
    ),
  ]
}
