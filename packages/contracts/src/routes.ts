import type { RouteShape } from './kit/route.ts'
import { authRoutes } from './identity/auth.ts'
import { groupRoutes } from './identity/groups.ts'
import { userRoutes } from './identity/users.ts'

/** Every route of the product, in the order in which the areas mount them. */
export const allRoutes: readonly RouteShape[] = [...groupRoutes, ...userRoutes, ...authRoutes]
