import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../shell/routes.ts'

/** Every component of the kit on one page, for looking at while developing. A production build does not have it. */
export const kitchenSinkRoutes =
  import.meta.env.MODE === 'production'
    ? []
    : [
        createRoute({
          getParentRoute: () => rootRoute,
          path: '/kitchen-sink',
          component: lazyRouteComponent(() => import('./kitchen-sink-page.tsx')),
        }),
      ]
