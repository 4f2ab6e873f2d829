import {
  Gauge,
  HeartPulse,
  KeyRound,
  Map as MapIcon,
  Plus,
  Route,
  ScrollText,
  Server,
  SlidersHorizontal,
  TriangleAlert,
  Upload,
} from 'lucide-react'
import type { AreaAction, AreaPage } from '../area.ts'

/** Everybody belongs to an organization of their own, so everybody sees them; what they may do there, the server says. */
export const gatewayPages: readonly AreaPage[] = [
  {
    to: '/gateway/overview',
    label: 'Overview',
    summary: 'Traffic, gateways and their keys.',
    icon: Gauge,
    keywords: ['gateway', 'metrics', 'latency', 'requests', 'keys', 'connected'],
  },
  {
    to: '/gateway/map',
    label: 'Map',
    summary: 'Routes, services and their health in one picture.',
    icon: MapIcon,
    keywords: ['gateway', 'topology'],
  },
  {
    to: '/gateway/routes',
    label: 'Routes',
    summary: 'Which requests are taken, and what is asked of them.',
    icon: Route,
    keywords: ['gateway', 'match', 'path', 'cors', 'limits'],
  },
  {
    to: '/gateway/services',
    label: 'Services',
    summary: 'Where requests go.',
    icon: Server,
    keywords: ['gateway', 'upstream', 'target', 'breaker'],
  },
  {
    to: '/gateway/consumers',
    label: 'Consumers',
    summary: 'Who calls, with a key of their own.',
    icon: KeyRound,
    keywords: ['gateway', 'api key', 'tier', 'clients'],
  },
  {
    to: '/gateway/logs',
    label: 'Request logs',
    summary: 'What the gateways answered.',
    icon: ScrollText,
    keywords: ['gateway', 'traffic', 'requests', 'tail'],
  },
  {
    to: '/gateway/errors',
    label: 'Errors',
    summary: 'What went wrong and is not dealt with.',
    icon: TriangleAlert,
    keywords: ['gateway', 'inbox', 'resolve', 'timeout'],
  },
  {
    to: '/gateway/health',
    label: 'Service health',
    summary: 'What health checks found, and when.',
    icon: HeartPulse,
    keywords: ['gateway', 'uptime', 'checks'],
  },
  {
    to: '/gateway/settings',
    label: 'Gateway settings',
    summary: 'Tiers and limits of all routes.',
    icon: SlidersHorizontal,
    keywords: ['gateway', 'tiers', 'limits', 'addresses'],
  },
]

export const gatewayActions: readonly AreaAction[] = [
  { label: 'New gateway route', to: '/gateway/routes/new', icon: Plus },
  { label: 'New gateway service', to: '/gateway/services/new', icon: Plus },
  { label: 'New consumer', to: '/gateway/consumers/new', icon: Plus },
  { label: 'Import OpenAPI into the gateway', to: '/gateway/import', icon: Upload },
]
