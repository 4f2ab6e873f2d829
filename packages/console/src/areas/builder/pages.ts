import { Blocks, BookOpen, Bot, CalendarClock, FolderPlus, KeyRound, PackageOpen, Plus } from 'lucide-react'
import type { AreaAction, AreaPage } from '../area.ts'

export const builderPages: readonly AreaPage[] = [
  {
    to: '/build',
    label: 'Endpoints',
    summary: 'Define APIs and work with their records.',
    icon: Blocks,
    keywords: ['api', 'builder', 'schema', 'records', 'data', 'fields'],
    permissions: ['view', 'manage_api'],
  },
  {
    to: '/build/cron',
    label: 'Cron jobs',
    summary: 'Code, requests and calls at set times.',
    icon: CalendarClock,
    keywords: ['schedule', 'automation', 'timer', 'jobs', 'runs'],
    permissions: ['manage_api'],
  },
  {
    to: '/build/secrets',
    label: 'Secrets',
    summary: 'Values that code reads by name.',
    icon: KeyRound,
    keywords: ['keys', 'tokens', 'automation', 'password'],
    permissions: ['manage_api'],
  },
  {
    to: '/build/reference',
    label: 'API reference',
    summary: 'Every route and endpoint, to read and to try.',
    icon: BookOpen,
    keywords: ['openapi', 'swagger', 'documentation', 'docs', 'try'],
    permissions: ['view', 'manage_api'],
  },
  {
    to: '/build/mcp',
    label: 'MCP',
    summary: 'Connect an assistant, with the rights of a token.',
    icon: Bot,
    keywords: ['model context protocol', 'assistant', 'agent', 'tools', 'ai'],
    permissions: ['manage_api'],
  },
  {
    to: '/build/project',
    label: 'Project',
    summary: 'Export and import what is defined here.',
    icon: PackageOpen,
    keywords: ['export', 'import', 'bundle', 'backup', 'gitops', 'move'],
    permissions: ['manage_api'],
  },
]

export const builderActions: readonly AreaAction[] = [
  { label: 'New API', to: '/build/new', icon: Plus, permissions: ['manage_api'] },
  { label: 'New cron job', to: '/build/cron/new', icon: CalendarClock, permissions: ['manage_api'] },
  {
    label: 'New endpoint group',
    to: '/build/groups/new',
    icon: FolderPlus,
    permissions: ['manage_api'],
  },
]
