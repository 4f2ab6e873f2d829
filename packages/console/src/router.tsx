import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { homeRoutes } from './areas/home/routes.ts'
import { doorRoutes, identityRoutes } from './areas/identity/routes.ts'
import { platformRoutes } from './areas/platform/routes.ts'
import { basePath } from './lib/base.ts'
import { queryClient } from './lib/query.ts'
import { meQuery, setupQuery } from './lib/session.ts'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { ProblemPage } from './shell/problem-page.tsx'

