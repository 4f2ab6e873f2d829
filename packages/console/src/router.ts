import { createRouter } from '@tanstack/react-router'
import { builderRoutes } from './areas/builder/routes.ts'
import { gatewayAreaRoutes } from './areas/gateway/routes.ts'
import { homeRoutes } from './areas/home/routes.ts'
import { doorRoutes, identityRoutes } from './areas/identity/routes.ts'
import { platformRoutes } from './areas/platform/routes.ts'
import { kitchenSinkRoutes } from './kitchen-sink/routes.ts'
import { basePath } from './lib/base.ts'
import { queryClient } from './lib/query.ts'
import { meQuery } from './lib/session.ts'
import { forgetCsrfToken, whenSessionEnds } from './lib/session-fetch.ts'
import { ProblemPage } from './shell/problem-page.tsx'
import { rootRoute, shellRoute } from './shell/routes.ts'

/** One line per area: its pages inside the shell, and those before it. */
const routeTree = rootRoute.addChildren([
  ...doorRoutes,
  ...kitchenSinkRoutes,
  shellRoute.addChildren([
    ...homeRoutes,
    ...builderRoutes,
    ...gatewayAreaRoutes,
    ...identityRoutes,
    ...platformRoutes,
  ]),
])

export const router = createRouter({
  routeTree,
  basepath: basePath === '' ? '/' : basePath,
  context: { queryClient },
  defaultErrorComponent: ProblemPage,
  defaultPreload: 'intent',
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  scrollToTopSelectors: ['#content'],
})

// Somebody was signed in and the server says nobody is: to the door, and from there back to this page.
whenSessionEnds(() => {
  if (!queryClient.getQueryData(meQuery.queryKey)) return
  forgetCsrfToken()
  queryClient.setQueryData(meQuery.queryKey, null)
  const next = router.state.location.href
  void router.navigate({ to: '/sign-in', search: { next, ended: true } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
