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

export const platformRoutes = [settings, activity, audit, operations] as const
