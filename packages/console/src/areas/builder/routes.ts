import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/routes.ts'
import { readRecordsView } from './records/view.ts'

const build = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build',
  component: lazyRouteComponent(() => import('./list/endpoints-page.tsx')),
})

const apiNew = createRoute({
  getParentRoute: () => build,
  path: 'new',
  component: lazyRouteComponent(() => import('./list/new-api-page.tsx')),
})

const groupNew = createRoute({
  getParentRoute: () => build,
  path: 'groups/new',
  component: lazyRouteComponent(() => import('./list/group-page.tsx')),
})

const group = createRoute({
  getParentRoute: () => build,
  path: 'groups/$groupId',
  component: lazyRouteComponent(() => import('./list/group-page.tsx')),
})

const endpoint = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/endpoints/$endpointId',
  component: lazyRouteComponent(() => import('./editor/endpoint-page.tsx')),
})

const schema = createRoute({
  getParentRoute: () => endpoint,
  path: '/',
  component: lazyRouteComponent(() => import('./schema/schema-tab.tsx')),
})

const access = createRoute({
  getParentRoute: () => endpoint,
  path: 'access',
  component: lazyRouteComponent(() => import('./editor/access-tab.tsx')),
})

const network = createRoute({
  getParentRoute: () => endpoint,
  path: 'network',
  component: lazyRouteComponent(() => import('./editor/network-tab.tsx')),
})

const docs = createRoute({
  getParentRoute: () => endpoint,
  path: 'docs',
  component: lazyRouteComponent(() => import('./editor/docs-tab.tsx')),
})

const tryIt = createRoute({
  getParentRoute: () => endpoint,
  path: 'try',
  component: lazyRouteComponent(() => import('./editor/try-tab.tsx')),
})

const settings = createRoute({
  getParentRoute: () => endpoint,
  path: 'settings',
  component: lazyRouteComponent(() => import('./editor/settings-tab.tsx')),
})

const code = createRoute({
  getParentRoute: () => endpoint,
  path: 'code',
  component: lazyRouteComponent(() => import('./automations/code-tab.tsx')),
})

const cron = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/cron',
  component: lazyRouteComponent(() => import('./automations/cron-page.tsx')),
})

const cronNew = createRoute({
  getParentRoute: () => cron,
  path: 'new',
  component: lazyRouteComponent(() => import('./automations/cron-job-page.tsx')),
})

const cronJob = createRoute({
  getParentRoute: () => cron,
  path: '$cronId',
  component: lazyRouteComponent(() => import('./automations/cron-job-page.tsx')),
})

const secrets = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/secrets',
  component: lazyRouteComponent(() => import('./automations/secrets-page.tsx')),
})

const mcp = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/mcp',
  component: lazyRouteComponent(() => import('./mcp/mcp-page.tsx')),
})

const project = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/project',
  component: lazyRouteComponent(() => import('./project/project-page.tsx')),
})

const reference = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/reference',
  validateSearch: (search): { search?: string; operation?: string } => ({
    ...(typeof search['search'] === 'string' ? { search: search['search'] } : {}),
    ...(typeof search['operation'] === 'string' ? { operation: search['operation'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./reference/reference-page.tsx')),
})

const records = createRoute({
  getParentRoute: () => shellRoute,
  path: '/build/records/$endpointId',
  validateSearch: readRecordsView,
  component: lazyRouteComponent(() => import('./records/records-page.tsx')),
})

const recordNew = createRoute({
  getParentRoute: () => records,
  path: 'new',
  component: lazyRouteComponent(() => import('./records/record-page.tsx')),
})

const recordsImport = createRoute({
  getParentRoute: () => records,
  path: 'import',
  validateSearch: (search): { operation?: string } =>
    typeof search['operation'] === 'string' ? { operation: search['operation'] } : {},
  component: lazyRouteComponent(() => import('./records/import-page.tsx')),
})

const record = createRoute({
  getParentRoute: () => records,
  path: '$recordId',
  component: lazyRouteComponent(() => import('./records/record-page.tsx')),
})

/** The pages of the builder. Drawers are children of the page that they stand beside, tabs of the page they are in. */
export const builderRoutes = [
  build.addChildren([apiNew, groupNew, group]),
  endpoint.addChildren([schema, access, network, code, docs, tryIt, settings]),
  cron.addChildren([cronNew, cronJob]),
  secrets,
  mcp,
  project,
  reference,
  records.addChildren([recordNew, recordsImport, record]),
] as const
