import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { safeNext } from '../../lib/safe-next.ts'
import { meQuery } from '../../lib/session.ts'
import { rootRoute, shellRoute } from '../../shell/routes.ts'

const optionalText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const withNext = (search: Record<string, unknown>): { next?: string } => {
  const next = optionalText(search['next'])
  return next ? { next } : {}
}
/** The code of a problem that a provider's callback ended with. */
const withRefused = (search: Record<string, unknown>): { refused?: string } => {
  const refused = optionalText(search['refused'])
  return refused ? { refused } : {}
}
const withToken = (search: Record<string, unknown>): { token?: string } => {
  const token = optionalText(search['token'])
  return token ? { token } : {}
}

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search): { next?: string; ended?: true; refused?: string } => ({
    ...withNext(search),
    ...withRefused(search),
    ...(search['ended'] === true ? { ended: true } : {}),
  }),
  // Somebody who is signed in has no business at the door.
  beforeLoad: async ({ context, search }) => {
    if (await context.queryClient.ensureQueryData(meQuery)) throw redirect({ href: safeNext(search.next) })
  },
  component: lazyRouteComponent(() => import('./sign-in-page.tsx')),
})

const welcome = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx')),
})

const register = createRoute({
  getParentRoute: () => rootRoute,
  path: '/register',
  component: lazyRouteComponent(() => import('./register-page.tsx')),
})

const forgotPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./forgot-password-page.tsx')),
})

/** A reset link and an invitation lead to the same page: both are a one-time token for choosing a password. */
const resetPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  validateSearch: withToken,
  component: lazyRouteComponent(() => import('./new-password-page.tsx')),
})

const setPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-password',
  validateSearch: withToken,
  component: lazyRouteComponent(() => import('./new-password-page.tsx')),
})

/** Where somebody goes whose password was set by an administrator: nothing else opens before they choose their own. */
const ownPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/change-password',
  validateSearch: withNext,
  beforeLoad: async ({ context, search }) => {
    const me = await context.queryClient.ensureQueryData(meQuery)
    if (!me) throw redirect({ to: '/sign-in', search })
  },
  component: lazyRouteComponent(() => import('./own-password-page.tsx')),
})

/** The pages before the shell. */
export const doorRoutes = [
  signIn,
  welcome,
  register,
  forgotPassword,
  resetPassword,
  setPassword,
  ownPassword,
] as const

const users = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('./users-page.tsx')),
})

const userNew = createRoute({
  getParentRoute: () => users,
  path: 'new',
  component: lazyRouteComponent(() => import('./user-new-page.tsx')),
})

const user = createRoute({
  getParentRoute: () => users,
  path: '$userId',
  component: lazyRouteComponent(() => import('./user-page.tsx')),
})

const groups = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/groups',
  component: lazyRouteComponent(() => import('./groups-page.tsx')),
})

const groupNew = createRoute({
  getParentRoute: () => groups,
  path: 'new',
  component: lazyRouteComponent(() => import('./group-page.tsx')),
})

const group = createRoute({
  getParentRoute: () => groups,
  path: '$groupId',
  component: lazyRouteComponent(() => import('./group-page.tsx')),
})

const profile = createRoute({
  getParentRoute: () => shellRoute,
  path: '/profile',
  validateSearch: withRefused,
  component: lazyRouteComponent(() => import('./profile-page.tsx')),
})

const changePassword = createRoute({
  getParentRoute: () => profile,
  path: 'password',
  component: lazyRouteComponent(() => import('./change-password-page.tsx')),
})

const mfa = createRoute({
  getParentRoute: () => profile,
  path: 'second-factor',
  component: lazyRouteComponent(() => import('./mfa-page.tsx')),
})

const tokens = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./tokens-page.tsx')),
})

const tokenNew = createRoute({
  getParentRoute: () => tokens,
  path: 'new',
  component: lazyRouteComponent(() => import('./token-new-page.tsx')),
})

const token = createRoute({
  getParentRoute: () => tokens,
  path: '$tokenId',
  component: lazyRouteComponent(() => import('./token-page.tsx')),
})

/** The pages inside the shell. Drawers are children of the list that they stand beside. */
export const identityRoutes = [
  users.addChildren([userNew, user]),
  groups.addChildren([groupNew, group]),
  profile.addChildren([changePassword, mfa]),
  tokens.addChildren([tokenNew, token]),
] as const
