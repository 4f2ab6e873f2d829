import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { meQuery, setupQuery } from '../lib/session.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { ProblemScreen } from './problem-page.tsx'
import { Root } from './root.tsx'

const nextOf = (href: string) => (href === '/' ? {} : { next: href })

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  errorComponent: ProblemScreen,
})

/**
 * Everything behind the door. Nobody signed in: first to the first run if there has been none, else to the door, and
 * back here afterwards.
 */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery)
    if (me?.must_change_password) throw redirect({ to: '/change-password', search: nextOf(location.href) })
    if (me) return
    const setup = await context.queryClient.ensureQueryData(setupQuery)
    if (!setup.complete) throw redirect({ to: '/welcome' })
    throw redirect({ to: '/sign-in', search: nextOf(location.href) })
  },
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
  errorComponent: ProblemScreen,
})
