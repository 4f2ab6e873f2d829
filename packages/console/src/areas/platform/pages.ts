import { Activity, DatabaseBackup, Hourglass, ScrollText, SlidersHorizontal, Webhook } from 'lucide-react'
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
    to: '/admin/operations',
    label: 'Operations',
    summary: 'Your imports, exports and other slow work.',
    icon: Hourglass,
    keywords: ['jobs', 'progress', 'imports', 'exports', 'running'],
  },
  {
    to: '/admin/backups',
    label: 'Backups',
    summary: 'Copies of the database, proven by restoring them.',
    icon: DatabaseBackup,
    keywords: ['restore', 'dump', 'copy', 'disaster'],
    permissions: ['manage_users'],
  },
  {
    to: '/admin/webhooks',
    label: 'Webhooks',
    summary: 'Tell other systems what happens.',
    icon: Webhook,
    keywords: ['events', 'deliveries', 'integrations', 'hooks'],
    permissions: ['manage_api'],
  },
]
