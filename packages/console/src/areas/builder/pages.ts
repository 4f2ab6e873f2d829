import { Blocks, FolderPlus, Plus } from 'lucide-react'
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
]

export const builderActions: readonly AreaAction[] = [
  { label: 'New API', to: '/build/new', icon: Plus, permissions: ['manage_api'] },
  {
    label: 'New endpoint group',
    to: '/build/groups/new',
    icon: FolderPlus,
    permissions: ['manage_api'],
  },
]
