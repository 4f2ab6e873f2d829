import { listActivity } from '@holdfast/contracts/platform/activity'
import { listAudit } from '@holdfast/contracts/platform/audit'
import { client } from '../../lib/client.ts'
import type { AreaTile } from '../area.ts'

/** How much has happened and how much was changed. */
export async function platformTiles(
  permissions: readonly string[],
  signal: AbortSignal,
): Promise<AreaTile[]> {
  if (!permissions.includes('view_logs')) return []
  const [activity, audit] = await Promise.all([
    client.call(listActivity, { query: { limit: 1 } }, { signal }),
    client.call(listAudit, { query: { limit: 1 } }, { signal }),
  ])
  return [
    { label: 'Activity entries', value: activity.meta.total, to: '/admin/activity' },
    { label: 'Audited changes', value: audit.meta.total, to: '/admin/audit' },
  ]
}
