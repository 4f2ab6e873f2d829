import { listActivity } from '@holdfast/contracts/platform/activity'
import { listAudit } from '@holdfast/contracts/platform/audit'
import { client } from '../../lib/client.ts'
import type { AreaTile } from '../area.ts'

/** How much has happened and how much was changed: each for whoever may read that log. */
export async function platformTiles(
  permissions: readonly string[],
  signal: AbortSignal,
): Promise<AreaTile[]> {
  const [activity, audit] = await Promise.all([
    permissions.includes('view_logs') ? client.call(listActivity, { query: { limit: 1 } }, { signal }) : null,
    permissions.includes('view_audit') ? client.call(listAudit, { query: { limit: 1 } }, { signal }) : null,
  ])
  return [
    ...(activity ? [{ label: 'Activity entries', value: activity.meta.total, to: '/admin/activity' }] : []),
    ...(audit ? [{ label: 'Audited changes', value: audit.meta.total, to: '/admin/audit' }] : []),
  ]
}
