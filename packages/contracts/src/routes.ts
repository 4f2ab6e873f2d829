import type { RouteShape } from './kit/route.ts'
import { groupRoutes } from './identity/groups.ts'

/** Every route of the product, in the order in which the areas mount them. */
export const allRoutes: readonly RouteShape[] = [...groupRoutes]
