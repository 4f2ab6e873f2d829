import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/routes.ts'

const settings = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/settings',
  component: lazyRouteComponent(() => import('./settings-page.tsx')),
})

const activity = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/activity',
  component: lazyRouteComponent(() => import('./activity-page.tsx')),
})

const activityRow = createRoute({
  getParentRoute: () => activity,
  path: '$activityId',
  component: lazyRouteComponent(() => import('./activity-row-page.tsx')),
})

const audit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/audit',
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx')),
})

const auditCheckpoints = createRoute({
  getParentRoute: () => audit,
  path: 'checkpoints',
  component: lazyRouteComponent(() => import('./audit/audit-checkpoints-page.tsx')),
})

const operations = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/operations',
  component: lazyRouteComponent(() => import('./operations-page.tsx')),
})

const backups = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/backups',
  component: lazyRouteComponent(() => import('./backups-page.tsx')),
})

const webhooks = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/webhooks',
  component: lazyRouteComponent(() => import('./webhooks-page.tsx')),
})

const webhookNew = createRoute({
  getParentRoute: () => webhooks,
  path: 'new',
  component: lazyRouteComponent(() => import('./webhook-form-page.tsx')),
})

const webhook = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/webhooks/$webhookId',
  component: lazyRouteComponent(() => import('./webhook-page.tsx')),
})

const webhookEdit = createRoute({
  getParentRoute: () => webhook,
  path: 'edit',
  component: lazyRouteComponent(() => import('./webhook-form-page.tsx')),
})

const webhookDelivery = createRoute({
  getParentRoute: () => webhook,
  path: 'deliveries/$deliveryId',
  component: lazyRouteComponent(() => import('./webhook-delivery-page.tsx')),
})

const config = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/config',
  component: lazyRouteComponent(() => import('./config/config-page.tsx')),
})

const configNew = createRoute({
  getParentRoute: () => config,
  path: 'new',
  component: lazyRouteComponent(() => import('./config/config-new-page.tsx')),
})

const configKey = createRoute({
  getParentRoute: () => config,
  path: '$configKey',
  component: lazyRouteComponent(() => import('./config/config-key-page.tsx')),
})

const plugins = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/plugins',
  component: lazyRouteComponent(() => import('./plugins/plugins-page.tsx')),
})

const pluginNew = createRoute({
  getParentRoute: () => plugins,
  path: 'new',
  component: lazyRouteComponent(() => import('./plugins/plugin-form-page.tsx')),
})

const plugin = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/plugins/$pluginId',
  component: lazyRouteComponent(() => import('./plugins/plugin-page.tsx')),
})

const pluginEdit = createRoute({
  getParentRoute: () => plugin,
  path: 'edit',
  component: lazyRouteComponent(() => import('./plugins/plugin-form-page.tsx')),
})

const pluginConfig = createRoute({
  getParentRoute: () => plugin,
  path: 'config',
  component: lazyRouteComponent(() => import('./plugins/plugin-config-page.tsx')),
})

const database = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/database',
  component: lazyRouteComponent(() => import('./explorer/collections-page.tsx')),
})

const sqlAccess = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/database/sql-access',
  component: lazyRouteComponent(() => import('./explorer/sql-access-page.tsx')),
})

const documents = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/database/$collection',
  component: lazyRouteComponent(() => import('./explorer/documents-page.tsx')),
})

const documentNew = createRoute({
  getParentRoute: () => documents,
  path: 'new',
  component: lazyRouteComponent(() => import('./explorer/document-drawer.tsx')),
})

const document = createRoute({
  getParentRoute: () => documents,
  path: '$documentId',
  component: lazyRouteComponent(() => import('./explorer/document-drawer.tsx')),
})

export const platformRoutes = [
  settings,
  config.addChildren([configNew, configKey]),
  database,
  sqlAccess,
  documents.addChildren([documentNew, document]),
  activity.addChildren([activityRow]),
  audit.addChildren([auditCheckpoints]),
  operations,
  backups,
  webhooks.addChildren([webhookNew]),
  webhook.addChildren([webhookEdit, webhookDelivery]),
  plugins.addChildren([pluginNew]),
  plugin.addChildren([pluginEdit, pluginConfig]),
] as const
