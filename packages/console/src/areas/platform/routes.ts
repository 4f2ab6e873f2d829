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

const audit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/audit',
  component: lazyRouteComponent(() => import('./audit-page.tsx')),
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

export const platformRoutes = [
  settings,
  activity,
  audit,
  operations,
  backups,
  webhooks.addChildren([webhookNew]),
  webhook.addChildren([webhookEdit, webhookDelivery]),
] as const
