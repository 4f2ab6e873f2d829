import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { shellRoute } from '../../shell/routes.ts'

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway',
  beforeLoad: () => {
    throw redirect({ to: '/gateway/overview' })
  },
})

const overview = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/overview',
  component: lazyRouteComponent(() => import('./overview/overview-page.tsx')),
})

const map = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/map',
  component: lazyRouteComponent(() => import('./map/map-page.tsx')),
})

const services = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/services',
  component: lazyRouteComponent(() => import('./services/services-page.tsx')),
})

const serviceNew = createRoute({
  getParentRoute: () => services,
  path: 'new',
  component: lazyRouteComponent(() => import('./services/service-form-page.tsx')),
})

const service = createRoute({
  getParentRoute: () => services,
  path: '$serviceId',
  component: lazyRouteComponent(() => import('./services/service-form-page.tsx')),
})

const routes = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/routes',
  component: lazyRouteComponent(() => import('./routes/routes-page.tsx')),
})

const routeNew = createRoute({
  getParentRoute: () => routes,
  path: 'new',
  component: lazyRouteComponent(() => import('./routes/route-form-page.tsx')),
})

const route = createRoute({
  getParentRoute: () => routes,
  path: '$routeId',
  component: lazyRouteComponent(() => import('./routes/route-form-page.tsx')),
})

const consumers = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/consumers',
  component: lazyRouteComponent(() => import('./consumers/consumers-page.tsx')),
})

const consumerNew = createRoute({
  getParentRoute: () => consumers,
  path: 'new',
  component: lazyRouteComponent(() => import('./consumers/consumer-new-page.tsx')),
})

const consumer = createRoute({
  getParentRoute: () => consumers,
  path: '$consumerId',
  component: lazyRouteComponent(() => import('./consumers/consumer-page.tsx')),
})

const logs = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/logs',
  component: lazyRouteComponent(() => import('./logs/logs-page.tsx')),
})

const errors = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/errors',
  component: lazyRouteComponent(() => import('./errors/errors-page.tsx')),
})

const health = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/health',
  component: lazyRouteComponent(() => import('./health/health-page.tsx')),
})

const healthHistory = createRoute({
  getParentRoute: () => health,
  path: '$serviceId',
  component: lazyRouteComponent(() => import('./health/health-history-page.tsx')),
})

const importing = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/import',
  component: lazyRouteComponent(() => import('./import/import-page.tsx')),
})

const settings = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gateway/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx')),
})

/** The pages of the gateway. Drawers are children of the list that they stand beside. */
export const gatewayAreaRoutes = [
  home,
  overview,
  map,
  services.addChildren([serviceNew, service]),
  routes.addChildren([routeNew, route]),
  consumers.addChildren([consumerNew, consumer]),
  logs,
  errors,
  health.addChildren([healthHistory]),
  importing,
  settings,
] as const
