import { Blocks, House, Settings2, Waypoints } from 'lucide-react'
import type { Area } from './area.ts'
import { builderActions, builderPages } from './builder/pages.ts'
import { gatewayActions, gatewayPages } from './gateway/pages.ts'
import { homePages } from './home/pages.ts'
import { adminActions, adminPages } from './identity/pages.ts'
import { platformPages } from './platform/pages.ts'

/** The areas in the order of the rail. A new area adds one entry here and its routes in `router.tsx`. */
export const areas: readonly Area[] = [
  { id: 'home', label: 'Home', icon: House, pages: homePages },
  {
    id: 'build',
    label: 'Build',
    icon: Blocks,
    pages: builderPages,
    actions: builderActions,
    tiles: async (permissions, signal) =>
      (await import('./builder/tiles.ts')).builderTiles(permissions, signal),
    find: async (text, signal) => (await import('./builder/find.ts')).findEndpoints(text, signal),
  },
  {
    id: 'gateway',
    label: 'Gateway',
    icon: Waypoints,
    pages: gatewayPages,
    actions: gatewayActions,
    tiles: async (_permissions, signal) => (await import('./gateway/tiles.ts')).gatewayTiles(signal),
    find: async (text, signal) => (await import('./gateway/find.ts')).findInGateway(text, signal),
  },
  {
    id: 'admin',
    label: 'Admin',
    icon: Settings2,
    pages: [...adminPages, ...platformPages],
    actions: adminActions,
    tiles: async (permissions, signal) => {
      const [people, platform] = await Promise.all([
        import('./identity/tiles.ts'),
        import('./platform/tiles.ts'),
      ])
      const found = [people.identityTiles(permissions, signal), platform.platformTiles(permissions, signal)]
      return (await Promise.all(found)).flat()
    },
    find: async (text, signal) => (await import('./identity/find.ts')).findPeople(text, signal),
  },
]
