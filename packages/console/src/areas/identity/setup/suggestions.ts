import {
  Activity,
  Blocks,
  type LucideIcon,
  Server,
  SlidersHorizontal,
  Upload,
  UserPlus,
  UsersRound,
} from 'lucide-react'
import type { Wish } from './wish-step.tsx'

export interface Suggestion {
  to: string
  search?: Record<string, string>
  label: string
  meaning: string
  icon: LucideIcon
  /** The page that has to exist for this suggestion to be made. */
  needs: string
  wishes?: readonly Wish[]
}

const all: readonly Suggestion[] = [
  {
    to: '/build',
    search: { sample: 'products' },
    needs: '/build',
    label: 'Build an API from sample data',
    meaning: 'A products endpoint with fields and a few records, ready to be called.',
    icon: Blocks,
    wishes: ['api'],
  },
  {
    to: '/gateway/services/new',
    needs: '/gateway/services',
    label: 'Put a service behind the gateway',
    meaning: 'Name its address; a route to it is the next step.',
    icon: Server,
    wishes: ['gateway'],
  },
  {
    to: '/gateway/import',
    needs: '/gateway/routes',
    label: 'Import an OpenAPI document',
    meaning: 'A service and its routes at once. You see the difference first.',
    icon: Upload,
    wishes: ['gateway'],
  },
  {
    to: '/admin/users/new',
    needs: '/admin/users',
    label: 'Invite somebody',
    meaning: 'They get a link and choose their own password.',
    icon: UserPlus,
  },
  {
    to: '/admin/groups',
    needs: '/admin/groups',
    label: 'See who may do what',
    meaning: 'Nine groups are there already; add one of your own if they do not fit.',
    icon: UsersRound,
  },
  {
    to: '/admin/settings',
    needs: '/admin/settings',
    label: 'Decide who may register',
    meaning: 'Open registration, limits and how long logs are kept.',
    icon: SlidersHorizontal,
  },
  {
    to: '/admin/activity',
    needs: '/admin/activity',
    label: 'Watch what happens',
    meaning: 'Your own sign-in is the first line.',
    icon: Activity,
  },
]

/** Three things that can really be opened now, those for the wish first. */
export function suggestions(wish: Wish, reachable: ReadonlySet<string>): Suggestion[] {
  const fitting = all.filter((one) => reachable.has(one.needs) && (one.wishes?.includes(wish) ?? true))
  return [...fitting.filter((one) => one.wishes), ...fitting.filter((one) => !one.wishes)].slice(0, 3)
}
