import type { Kit } from '../../kit.ts'
import { dataDirectoryOf } from '../../start/open-database.ts'
import type { Area } from '../area.ts'
import { bindDashboard } from './dashboard/routes.ts'
import { createDashboard } from './dashboard/service.ts'
import type { DashboardSources } from './dashboard/sources.ts'

/** What looks at the whole product: composed after the areas that it asks. */
export function composeInsight(kit: Kit, sources: DashboardSources): Area {
  const dashboard = createDashboard({
    ...kit,
    sources,
    directory: dataDirectoryOf(kit.config),
    environment: kit.config.NODE_ENV,
  })
  return { routes: bindDashboard(dashboard) }
}
