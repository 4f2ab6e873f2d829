import { Activity, Database, Hourglass, Plug, ScrollText, SlidersHorizontal, Variable, Webhook } from 'lucide-react'
import type { AreaPage } from '../area.ts'

export const platformPages: readonly AreaPage[] = [
  {
    to: '/admin/settings',
    label: 'Settings',
    summary: 'Limits, registration, retention.',
    icon: SlidersHorizontal,
    keywords: ['limits', 'registration', 'retention'],
    permissions: ['manage_users', 'manage_api'],
  },
  {
    to: '/admin/config',
    label: 'Configuration',
    summary: 'Every value, who changed it and why.',
    icon: Variable,
    keywords: ['history', 'rollback', 'environment', 'secrets', 'keys'],
    permissions: ['manage_users', 'manage_api'],
  },
  {
    to: '/admin/activity',
    label: 'Activity',
    summary: 'What is happening now.',
    icon: Activity,
    keywords: ['log', 'requests', 'errors', 'sign-ins'],
    permissions: ['view_logs'],
  },
  {
    to: '/admin/audit',
    label: 'Audit',
    summary: 'Proof of who changed what.',
    icon: ScrollText,
    keywords: ['proof', 'changes', 'chain', 'who'],
    permissions: ['view_audit'],
  },
  {
    to: '/admin/database',
    label: 'Database',
    summary: 'What is kept, as JSON documents.',
    icon: Database,
    keywords: ['documents', 'collections', 'raw', 'explorer', 'json'],
    permissions: ['manage_users'],
  },
  {
    to: '/admin/operations',
    label: 'Operations',
    summary: 'Your imports, exports and other slow work.',
    icon: Hourglass,
    keywords: ['jobs', 'progress', 'imports', 'exports', 'running'],
  },
  {
    to: '/admin/webhooks',
    label: 'Webhooks',
    summary: 'Tell other systems what happens.',
    icon: Webhook,
    keywords: ['events', 'deliveries', 'integrations', 'hooks'],
    permissions: ['manage_api'],
  },
  {
    to: '/admin/plugins',
    label: 'Plugins',
    summary: 'Services of your own that act here.',
    icon: Plug,
    keywords: ['extensions', 'hooks', 'integrations', 'manifest'],
    permissions: ['manage_api'],
  },
]
