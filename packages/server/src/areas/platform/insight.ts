import type { Kit } from '../../kit.ts'
import { dataDirectoryOf } from '../../start/open-database.ts'
import type { Area } from '../area.ts'
import type { Groups } from '../identity/groups/service.ts'
import type { Users } from '../identity/users/service.ts'
import { bindDashboard } from './dashboard/routes.ts'
import { createDashboard } from './dashboard/service.ts'
import type { DashboardSources } from './dashboard/sources.ts'
import type { DocumentCollection } from './explorer/collection.ts'
import {
  createEndpointGroupDocuments,
  type EndpointGroupSource,
} from './explorer/collections/endpoint-groups.ts'
import { createEndpointDocuments, type EndpointSource } from './explorer/collections/endpoints.ts'
import { createGroupDocuments } from './explorer/collections/groups.ts'
import { createLogDocuments } from './explorer/collections/logs.ts'
import { createSettingDocuments } from './explorer/collections/settings.ts'
import { createUserDocuments } from './explorer/collections/users.ts'
import { bindExplorer } from './explorer/routes.ts'
import { createExplorer } from './explorer/service.ts'

export interface InsightNeeds {
  sources: DashboardSources
  users: Users
  groups: Groups
  endpoints: EndpointSource
  endpointGroups: EndpointGroupSource
  records: DocumentCollection
}

/** What looks at the whole product: composed after the areas that it asks. */
export function composeInsight(kit: Kit, needs: InsightNeeds): Area {
  const dashboard = createDashboard({
    ...kit,
    sources: needs.sources,
    directory: dataDirectoryOf(kit.config),
    environment: kit.config.NODE_ENV,
  })
  const explorer = createExplorer({
    ...kit,
    collections: {
      users: createUserDocuments(needs.users),
      groups: createGroupDocuments(needs.groups),
      endpoints: createEndpointDocuments(needs.endpoints),
      endpointgroups: createEndpointGroupDocuments(needs.endpointGroups),
      endpointdatas: needs.records,
      logs: createLogDocuments(kit.activity),
      systemsettings: createSettingDocuments(kit.settings),
    },
  })
  return { routes: [...bindDashboard(dashboard), ...bindExplorer(explorer)] }
}
